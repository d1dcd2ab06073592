//! UTF-16 to UTF-8 on all cores: first how long each part becomes, then each part straight to its place.

use rayon::prelude::*;

/// How many bytes one core decodes at a time.
const PART: usize = 1 << 20;
/// How many characters of ASCII are taken at once.
const NEAR: usize = 16;

/// The order of the two bytes of a unit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The lower one first.
    Little,
    /// The higher one first.
    Big,
}

impl Order {
    #[inline]
    fn unit(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }
}

/// The text in UTF-8; none if it has half a unit, or half a pair of surrogates.
pub(super) fn decode(bytes: &[u8], order: Order) -> Option<Vec<u8>> {
    decode_in_parts(bytes, order, PART)
}

/// `part` is an even number of bytes.
fn decode_in_parts(bytes: &[u8], order: Order, part: usize) -> Option<Vec<u8>> {
    let (units, half) = bytes.as_chunks::<2>();
    if !half.is_empty() {
        return None;
    }
    // A pair of surrogates that a border would split stays with the part in which it begins.
    let border = |at: usize| at + usize::from(units.get(at).is_some_and(|unit| is_second(order.unit(*unit))));
    let starts = (0..units.len()).step_by(part / 2);
    let parts: Vec<&[[u8; 2]]> = starts
        .map(|start| &units[if start == 0 { 0 } else { border(start) }..border((start + part / 2).min(units.len()))])
        .collect();
    let lengths: Vec<usize> = parts.par_iter().map(|part| length(part, order)).collect();
    let mut text = vec![0; lengths.iter().sum()];
    let (mut rest, mut places) = (text.as_mut_slice(), Vec::with_capacity(parts.len()));
    for (part, length) in parts.iter().zip(lengths) {
        let (place, after) = rest.split_at_mut(length);
        places.push((*part, place));
        rest = after;
    }
    places.into_par_iter().try_for_each(|(part, place)| write(part, order, place))?;
    Some(text)
}

fn is_second(unit: u16) -> bool {
    (0xDC00..0xE000).contains(&unit)
}

/// How many bytes a part takes in UTF-8, if its surrogates are in pairs: two for each of a pair.
fn length(units: &[[u8; 2]], order: Order) -> usize {
    let of = |unit: u16| 1 + u16::from(unit >= 0x80) + u16::from(unit >= 0x800 && !(0xD800..0xE000).contains(&unit));
    let of_many = |units: &[[u8; 2]]| usize::from(units.iter().map(|unit| of(order.unit(*unit))).sum::<u16>());
    units.chunks(1 << 10).map(of_many).sum()
}

/// Writes a part in UTF-8; none if a surrogate stands alone.
fn write(units: &[[u8; 2]], order: Order, mut place: &mut [u8]) -> Option<()> {
    let mut rest = units;
    while let Some((near, after)) = rest.split_first_chunk::<NEAR>() {
        let near = near.map(|unit| order.unit(unit));
        if near.iter().fold(0, |all, unit| all | unit) >= 0x80 {
            // As many characters as there are units, so that ASCII after them is taken at once again.
            (rest, place) = write_each(rest, NEAR, order, place)?;
            continue;
        }
        let (written, further) = place.split_first_chunk_mut::<NEAR>()?;
        // ASCII is the lower byte.
        *written = near.map(|unit| unit.to_le_bytes()[0]);
        (rest, place) = (after, further);
    }
    write_each(rest, NEAR, order, place).map(drop)
}

/// Writes up to so many characters one by one; returns what is left.
fn write_each<'u, 'p>(
    units: &'u [[u8; 2]],
    most: usize,
    order: Order,
    mut place: &'p mut [u8],
) -> Option<(&'u [[u8; 2]], &'p mut [u8])> {
    let mut taken = 0;
    for character in char::decode_utf16(units.iter().map(|unit| order.unit(*unit))).take(most) {
        let character = character.ok()?;
        let (written, further) = place.split_at_mut_checked(character.len_utf8())?;
        character.encode_utf8(written);
        (place, taken) = (further, taken + character.len_utf16());
    }
    Some((&units[taken..], place))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(units: &[u16], order: Order) -> Vec<u8> {
        let bytes = |unit: &u16| if order == Order::Little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        units.iter().flat_map(bytes).collect()
    }

    /// Units as they occur: ASCII, other letters, pairs of surrogates, and halves of them.
    fn units() -> impl Strategy<Value = Vec<u16>> {
        let text = prop_oneof!["[ -~]{0,40}", "\\PC{0,20}", Just("\u{1f600}".to_owned())];
        let text = text.prop_map(|text| text.encode_utf16().collect::<Vec<u16>>());
        let any = prop_oneof![12 => text, 1 => (0xD7F0_u16..0xE010).prop_map(|unit| vec![unit])];
        proptest::collection::vec(any, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn it_is_the_text_that_the_standard_library_decodes(units in units(), big in any::<bool>(), part in 1_usize..40) {
            let order = if big { Order::Big } else { Order::Little };
            let expected = String::from_utf16(&units).ok().map(String::into_bytes);
            prop_assert_eq!(decode_in_parts(&encoded(&units, order), order, part * 2), expected);
        }
    }

    #[test]
    fn half_a_unit_is_no_text() {
        assert_eq!(decode(b"a\0b", Order::Little), None);
        assert_eq!(decode(b"", Order::Little), Some(Vec::new()));
    }
}

//! How many bytes a package unfolds to, counted while they are unfolded: what its headers say of that may be a lie.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::super::Unreadable;
use super::part::damaged;

/// What a package may unfold to.
#[derive(Clone, Copy)]
struct Most {
    /// All its parts together, in bytes.
    all: u64,
    /// A part may have so many bytes, however little room it takes in the file.
    part: u64,
    /// A larger part unfolds to so many times the room that it takes: the sheets that people make, to a hundred times at most.
    times: u64,
}

const MOST: Most = Most { all: 512 << 20, part: 10 << 20, times: 200 };

/// Refuses a package that unfolds to more than a workbook that people keep.
pub(in super::super) fn bounded(bytes: &[u8]) -> Result<(), Unreadable> {
    within(bytes, MOST)
}

fn within(bytes: &[u8], most: Most) -> Result<(), Unreadable> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut left = most.all;
    for number in 0..zip.len() {
        // What cannot be unfolded here cannot be read later, either: whoever needs it says so.
        let Ok(mut part) = zip.by_index(number) else { continue };
        let room = part.compressed_size().min(bytes.len() as u64);
        let own = most.part.max(room.saturating_mul(most.times));
        let name = part.name().map_or_else(|_| "?".to_owned(), |name| name.to_string());
        let mut buffer = [0; 1 << 14];
        let mut length = 0_u64;
        while let Some(more) = part.read(&mut buffer).ok().filter(|more| *more > 0) {
            length += more as u64;
            if length > own || length > left {
                return Err(too_large(&name, length > own, most));
            }
        }
        left -= length;
    }
    Ok(())
}

/// So much of a part's name is shown: it may be as long as its file.
const SHOWN: usize = 80;

fn too_large(name: &str, by_itself: bool, most: Most) -> Unreadable {
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect();
    let message = if by_itself {
        format!("the part `{name}` of the workbook unfolds to more than {} times its size in the file", most.times)
    } else {
        format!("with the part `{name}` the workbook unfolds to more than {} MB", most.all >> 20)
    };
    let hint = "copy the table alone into a new workbook and save that; a table of this size is kept as CSV".to_owned();
    Unreadable { message, hint }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const SMALL: Most = Most { all: 1 << 20, part: 1 << 16, times: 200 };

    fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated))
                .expect("a part");
            zip.write_all(bytes).expect("its bytes");
        }
        zip.finish().expect("an archive").into_inner()
    }

    /// Rows as a spreadsheet writes them, of a length.
    fn rows(length: usize) -> Vec<u8> {
        let row = |number: usize| {
            format!(
                "<row r=\"{number}\"><c r=\"A{number}\" s=\"1\"><v>0</v></c><c r=\"B{number}\" s=\"1\"><v>0</v></c></row>"
            )
        };
        (1..).map(row).flat_map(String::into_bytes).take(length).collect()
    }

    #[test]
    fn rows_that_repeat_are_read() {
        assert!(
            within(&package(&[("sheet1.xml", &rows(1 << 19)), ("small.xml", &vec![b' '; 1 << 15])]), SMALL).is_ok()
        );
    }

    #[test]
    fn a_part_that_unfolds_to_many_times_its_size_is_refused() {
        let why = within(&package(&[("a.xml", b"<a/>"), ("xl/Sheet\n1.xml", &vec![b' '; 1 << 17])]), SMALL);
        let message = why.expect_err("it is too large").message;
        assert_eq!(
            message,
            "the part `xl/Sheet1.xml` of the workbook unfolds to more than 200 times its size in the file"
        );
    }

    #[test]
    fn all_parts_count_together() {
        let part = rows(600 << 10);
        let why = within(&package(&[("sheet1.xml", &part), ("sheet2.xml", &part)]), SMALL);
        let message = why.expect_err("they are too large").message;
        assert_eq!(message, "with the part `sheet2.xml` the workbook unfolds to more than 1 MB");
    }

    /// Either it is refused, or its reader yields no more than the header states.
    #[test]
    fn a_header_that_states_too_small_a_length_hides_nothing() {
        const LENGTH: u32 = 123_457;
        let mut lying = package(&[("sheet1.xml", &vec![b' '; LENGTH as usize])]);
        let stated = LENGTH.to_le_bytes();
        for at in memchr::memmem::find_iter(&lying.clone(), &stated) {
            lying[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
        }
        let refused = within(&lying, SMALL).is_err();
        let mut zip = ZipArchive::new(Cursor::new(&lying[..])).expect("an archive");
        let read = zip.by_index(0).map_or(Ok(0), |mut part| std::io::copy(&mut part, &mut std::io::sink()));
        assert!(refused || read.is_err() || read.is_ok_and(|length| length <= SMALL.part));
    }
}

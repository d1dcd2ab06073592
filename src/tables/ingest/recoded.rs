//! Columns with other values or fewer rows than they were read with, as mappings make them: nothing is done for each row but to
//! write its code.

use super::column::{Codes, Column};

impl Column {
    /// The same rows with other values: `numbers` gives for each value here the number of its own there.
    #[must_use]
    pub fn translated(&self, values: Vec<String>, numbers: &[u32]) -> Self {
        fn each<C: Copy + Into<u32>, T>(codes: &[C], of: impl Fn(usize) -> T) -> Vec<T> {
            codes.iter().map(|code| of((*code).into() as usize)).collect()
        }
        fn all<C: Copy + Into<u32>>(codes: &[C], numbers: &[u32], distinct: usize) -> Codes {
            let of = |code: usize| numbers.get(code).copied().unwrap_or_default();
            // A number is less than the number of distinct values.
            #[allow(clippy::cast_possible_truncation)]
            match distinct {
                0..=0x100 => Codes::Narrow(each(codes, |code| of(code) as u8)),
                0x101..=0x1_0000 => Codes::Middle(each(codes, |code| of(code) as u16)),
                _ => Codes::Wide(each(codes, of)),
            }
        }
        let codes = match self.codes() {
            Codes::Narrow(codes) => {
                let widened: Vec<u32> =
                    (0..=u8::MAX).map(|code| numbers.get(usize::from(code)).copied().unwrap_or_default()).collect();
                all(codes, &widened, values.len())
            }
            Codes::Middle(codes) => all(codes, numbers, values.len()),
            Codes::Wide(codes) => all(codes, numbers, values.len()),
            Codes::Hashes(hashes) => Codes::Hashes(hashes.clone()),
        };
        Self::with(values, codes)
    }

    /// The rows for which `keep` is true, with the values that they have.
    #[must_use]
    pub fn kept(self, keep: &[bool]) -> Self {
        fn each<C: Copy>(codes: &[C], keep: &[bool]) -> Vec<C> {
            codes.iter().zip(keep).filter(|(_, keep)| **keep).map(|(code, _)| *code).collect()
        }
        let codes = match self.codes() {
            Codes::Narrow(codes) => Codes::Narrow(each(codes, keep)),
            Codes::Middle(codes) => Codes::Middle(each(codes, keep)),
            Codes::Wide(codes) => Codes::Wide(each(codes, keep)),
            Codes::Hashes(hashes) => return Self::with(Vec::new(), Codes::Hashes(each(hashes, keep))),
        };
        let mut occurs = vec![false; self.values().len()];
        let mut note = |code: usize| {
            if let Some(occurs) = occurs.get_mut(code) {
                *occurs = true;
            }
        };
        match &codes {
            Codes::Narrow(codes) => codes.iter().for_each(|code| note((*code).into())),
            Codes::Middle(codes) => codes.iter().for_each(|code| note((*code).into())),
            Codes::Wide(codes) => codes.iter().for_each(|code| note(*code as usize)),
            Codes::Hashes(_) => {}
        }
        if !occurs.contains(&false) {
            return Self::with(self.into_parts().0, codes);
        }
        let (mut values, mut numbers) = (Vec::new(), Vec::with_capacity(occurs.len()));
        for (value, occurs) in self.into_parts().0.into_iter().zip(occurs) {
            // Four billion distinct values do not fit into memory.
            numbers.push(u32::try_from(values.len()).unwrap_or(u32::MAX));
            values.extend(occurs.then_some(value));
        }
        Self::with(Vec::new(), codes).translated(values, &numbers)
    }
}

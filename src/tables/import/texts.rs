//! Texts by numbers, so that rows hold numbers only.

use std::collections::HashMap;

use crate::tables::ingest::Column;

/// Every distinct text that rows are made of; the first is the empty one.
#[derive(Debug)]
pub(super) struct Texts {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

/// The number of the empty text.
pub(super) const EMPTY: u32 = 0;

impl Default for Texts {
    fn default() -> Self {
        Self { numbers: HashMap::from([(String::new(), EMPTY)]), texts: vec![String::new()] }
    }
}

impl Texts {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        // Four billion distinct texts do not fit into memory.
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }

    /// A column of these texts.
    pub(super) fn column(&self, numbers: &[u32]) -> Column {
        /// No row so far has the text.
        const NONE: u32 = u32::MAX;
        let (mut known, mut values) = (vec![NONE; self.texts.len()], Vec::new());
        let mut codes = Vec::with_capacity(numbers.len());
        for number in numbers {
            let Some(code) = known.get_mut(*number as usize) else { continue };
            if *code == NONE {
                *code = u32::try_from(values.len()).unwrap_or(NONE);
                values.push(self.text(*number).to_owned());
            }
            codes.push(*code);
        }
        Column::of(values, &codes)
    }

    /// All of them.
    pub(super) fn all(&self) -> &[String] {
        &self.texts
    }
}

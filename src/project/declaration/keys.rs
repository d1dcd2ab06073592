//! What the keys of a table of TOML hold. Each reader describes its keys beside it, and a test holds the two to each other; the
//! schemas for editors and the reference are made of these descriptions.

/// The keys of one table: of a file as a whole, or of a table in it.
#[derive(Debug)]
pub struct Keys {
    /// How it is written at its head: `[theme]`; the path of its file for a file as a whole.
    pub head: &'static str,
    /// What it is for, in a sentence or two.
    pub says: &'static str,
    /// The keys that are known, in the order in which the reference lists them.
    pub keys: &'static [Key],
    /// The table whose keys may be written here, too.
    pub also: Option<&'static Keys>,
    /// What a key of any other name holds; none where there may be no other.
    pub further: Option<&'static Key>,
    /// Whether it may not be empty.
    pub some: bool,
    /// Exactly one of these must be written.
    pub one_of: &'static [&'static str],
    /// Where one of these is written, there may be no other key.
    pub alone: &'static [&'static str],
    /// The first may be written only where the second is.
    pub beside: &'static [(&'static str, &'static str)],
}

/// One key.
#[derive(Debug)]
pub struct Key {
    /// Its name; for a key of any name what stands in its place: `<table>`.
    pub name: &'static str,
    /// What may be written.
    pub holds: Holds,
    /// Whether it must be written.
    pub need: Need,
    /// What holds without it.
    pub without: Without,
    /// What it is for, in a sentence or two.
    pub says: &'static str,
    /// A value that may be written, as TOML; of tables their keys have examples.
    pub example: &'static str,
}

/// What may be written as the value of a key.
#[derive(Debug, Clone, Copy)]
pub enum Holds {
    /// A string.
    Text(Text),
    /// A list of strings, or a single one.
    Texts(Text),
    /// A list of at least one string, or a single one.
    SomeTexts(Text),
    /// A whole number between two bounds.
    Integer(Option<i64>, Option<i64>),
    /// `true` or `false`.
    Switch,
    /// A string, a number or a boolean.
    Scalar,
    /// A list of such values, or a single one.
    Scalars,
    /// A day, as TOML writes one or as a string.
    Day,
    /// A table.
    Table(&'static Keys),
    /// An array of tables.
    Tables(&'static Keys),
    /// Texts, nested in tables to any depth.
    Nested,
    /// A list of strings, and of tables in place of some.
    Items(&'static Keys),
    /// One of several.
    Either(&'static [Holds]),
}

/// What a string may be.
#[derive(Debug, Clone, Copy)]
pub enum Text {
    /// Anything; what else is asked of it stands in the sentence.
    Any,
    /// One of these, each with what it means.
    OneOf(&'static [(&'static str, &'static str)]),
    /// One of these, from a list elsewhere in the program.
    Among(fn() -> Vec<(&'static str, &'static str)>),
    /// What a regular expression fits. It may let pass what the reader refuses, and never the other way round.
    Like(&'static str),
}

/// Whether a key must be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It may be left out.
    May,
    /// It must be written.
    Must,
    /// It must be written, unless this is so.
    Unless(&'static str),
}

/// What holds where a key is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// Nothing in its place.
    Nothing,
    /// This number.
    Number(i64),
    /// This string.
    Text(&'static str),
    /// What these words say.
    Words(&'static str),
}

/// A string.
pub const fn text(name: &'static str) -> Key {
    key(name, Holds::Text(Text::Any))
}

/// A string that is one of these.
pub const fn one_of(name: &'static str, choices: &'static [(&'static str, &'static str)]) -> Key {
    key(name, Holds::Text(Text::OneOf(choices)))
}

/// A string that a regular expression fits.
pub const fn like(name: &'static str, pattern: &'static str) -> Key {
    key(name, Holds::Text(Text::Like(pattern)))
}

/// A list of strings, or a single one.
pub const fn texts(name: &'static str) -> Key {
    key(name, Holds::Texts(Text::Any))
}

/// A whole number.
pub const fn integer(name: &'static str, least: Option<i64>, most: Option<i64>) -> Key {
    key(name, Holds::Integer(least, most))
}

/// A switch, off where it is not written.
pub const fn switch(name: &'static str) -> Key {
    key(name, Holds::Switch).without("`false`")
}

/// A table.
pub const fn table(name: &'static str, keys: &'static Keys) -> Key {
    key(name, Holds::Table(keys))
}

/// An array of tables.
pub const fn tables(name: &'static str, keys: &'static Keys) -> Key {
    key(name, Holds::Tables(keys))
}

/// A key that holds what no shorter word above says.
pub const fn key(name: &'static str, holds: Holds) -> Key {
    Key { name, holds, need: Need::May, without: Without::Nothing, says: "", example: "" }
}

impl Key {
    /// What it is for.
    pub const fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }

    /// It must be written.
    pub const fn must(self) -> Self {
        Self { need: Need::Must, ..self }
    }

    /// It must be written, unless this is so.
    pub const fn unless(self, so: &'static str) -> Self {
        Self { need: Need::Unless(so), ..self }
    }

    /// What holds where it is not written, in words.
    pub const fn without(self, words: &'static str) -> Self {
        Self { without: Without::Words(words), ..self }
    }

    /// The number that holds where it is not written.
    pub const fn else_number(self, number: i64) -> Self {
        Self { without: Without::Number(number), ..self }
    }

    /// The string that holds where it is not written.
    pub const fn else_text(self, text: &'static str) -> Self {
        Self { without: Without::Text(text), ..self }
    }

    /// A value that may be written, as TOML.
    pub const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}

impl Keys {
    /// The keys of a table, and no others.
    pub const fn of(head: &'static str, says: &'static str, keys: &'static [Key]) -> Self {
        Self { head, says, keys, also: None, further: None, some: false, one_of: &[], alone: &[], beside: &[] }
    }

    /// The keys of another table may be written here, too.
    pub const fn also(self, also: &'static Self) -> Self {
        Self { also: Some(also), ..self }
    }

    /// Keys of any other name may be written, too.
    pub const fn further(self, further: &'static Key) -> Self {
        Self { further: Some(further), ..self }
    }

    /// At least one key must be written.
    pub const fn some(self) -> Self {
        Self { some: true, ..self }
    }

    /// Exactly one of these must be written.
    pub const fn one_of(self, one_of: &'static [&'static str]) -> Self {
        Self { one_of, ..self }
    }

    /// Where one of these is written, there may be no other key.
    pub const fn alone(self, alone: &'static [&'static str]) -> Self {
        Self { alone, ..self }
    }

    /// The first may be written only where the second is.
    pub const fn beside(self, beside: &'static [(&'static str, &'static str)]) -> Self {
        Self { beside, ..self }
    }

    /// Every key with a name of its own, those of the other table last.
    pub fn named(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().chain(self.also.map_or(&[][..], |also| also.keys))
    }

    /// The key of a name, or the one that stands for any other.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.named().find(|key| key.name == name).or(self.further)
    }
}

impl Holds {
    /// The tables that a value of this kind may be, or contain.
    #[must_use]
    pub fn tables(self) -> Vec<&'static Keys> {
        match self {
            Self::Table(keys) | Self::Tables(keys) | Self::Items(keys) => vec![keys],
            Self::Either(several) => several.iter().flat_map(|holds| holds.tables()).collect(),
            _ => Vec::new(),
        }
    }
}

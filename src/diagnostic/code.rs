//! The stable names of faults: Frictionless's own where it has one, ours for what it lacks.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)*) => {
        /// The stable name of a fault, as users and machines read it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)* }

        impl Code {
            /// Every code there is; the tests hold one faulty project for each.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name printed in brackets.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it says of a place, in a sentence: the machine formats carry it.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+).trim_ascii(),)* }
            }
        }
    };
}

codes! {
    /// The file holds nothing.
    SourceError = "source-error",
    /// Bytes that are not UTF-8.
    EncodingError = "encoding-error",
    /// A quote that does not close, or stands where none may.
    QuoteError = "quote-error",
    /// A label that is empty.
    BlankLabel = "blank-label",
    /// A label that occurs twice.
    DuplicateLabel = "duplicate-label",
    /// A column the schema asks for and the file lacks.
    MissingLabel = "missing-label",
    /// A column the schema does not know.
    ExtraLabel = "extra-label",
    /// A label that stands in another's place, where the schema fixes their order.
    IncorrectLabel = "incorrect-label",
    /// A cell of a workbook that shows something else than it holds, or nothing.
    MaskedValue = "masked-value",
    /// A cell of a workbook with superscript, subscript or struck-out text.
    MarkedText = "marked-text",
    /// A number of a workbook that is shown in fewer decimals than it has (a note).
    RoundedNumber = "rounded-number",
    /// A formula whose value is missing, an error, not computed by a spreadsheet, or another workbook's.
    FormulaError = "formula-error",
    /// A cell of a workbook that is merged into others and has no value of its own.
    MergedCells = "merged-cells",
    /// Rows or columns of a workbook that are hidden, or are none of the table's.
    HiddenData = "hidden-data",
    /// A workbook of a kind of which only the values are read, not what its cells show (a warning).
    UnseenLooks = "unseen-looks",
    /// A row that is neither labels nor data: a title, tags, units, a note, a sum.
    StrayRow = "stray-row",
    /// A row with nothing in it.
    BlankRow = "blank-row",
    /// A row with fewer cells than labels.
    MissingCell = "missing-cell",
    /// A row with more cells than labels.
    ExtraCell = "extra-cell",
    /// A cell that is not of its field's type.
    TypeError = "type-error",
    /// A cell that breaks a constraint of its field.
    ConstraintError = "constraint-error",
    /// A cell that must be unique and is not.
    UniqueError = "unique-error",
    /// Two rows with the same primary key.
    PrimaryKey = "primary-key",
    /// A reference to a row that does not exist.
    ForeignKey = "foreign-key",
    /// A period that cannot be read, ends before it begins, or is after the issue or its source.
    PeriodError = "period-error",
    /// A publication without date or address, or with a case id.
    PublicationError = "publication-error",
    /// A margin, or another breakdown, that differs from complete parts, or that a withheld value lacks (a warning).
    MarginMismatch = "margin-mismatch",
    /// Rows of one publication whose periods overlap (a warning, or a note).
    OverlappingPeriods = "overlapping-periods",
    /// Age bands of one publication that cross (a warning).
    CrossingBands = "crossing-bands",
    /// Publications that no one number satisfies (a note).
    ContestedCell = "contested-cell",
    /// A withheld number that follows from others which are printed (a warning).
    ReckonableValue = "reckonable-value",
    /// A period outside the stretch that is covered.
    OutsideCoverage = "outside-coverage",
    /// A file that is no table of the project.
    UnknownTable = "unknown-table",
    /// A file a country needs and lacks.
    MissingTable = "missing-table",
    /// What a new country still has to say (an error, a warning or a note).
    Unwritten = "unwritten",
    /// A schema that is not a Table Schema.
    SchemaError = "schema-error",
    /// TOML that cannot be read.
    SyntaxError = "syntax-error",
    /// A key that a declaration does not have.
    UnknownField = "unknown-field",
    /// A key that a declaration needs.
    MissingField = "missing-field",
    /// A value that a declaration cannot take.
    InvalidValue = "invalid-value",
    /// A file whose name says something else than its place.
    NameMismatch = "name-mismatch",
    /// A path that leads out of the project, to what is neither a file nor a folder, or to a register that Git would commit.
    PathError = "path-error",
    /// An indicator, section, table, code or edition that does not exist.
    UnknownName = "unknown-name",
    /// A ratio of what is counted in different units.
    UnitMismatch = "unit-mismatch",
    /// A sum, share or sentence that uses one group under two names.
    DoubleCount = "double-count",
    /// A change across a year in which the definition breaks (a warning).
    SeriesBreak = "series-break",
    /// A text, a narrative or a finding that a language lacks; for a text or a narrative that of the default language is printed (a warning).
    Untranslated = "untranslated",
    /// Prose that stops at an older year than the newest figure of what it speaks of (a warning).
    StaleProse = "stale-prose",
    /// A number written as a word before what is counted (a warning).
    NumberWord = "number-word",
    /// A narrative names a figure that does not exist.
    UnknownFigure = "unknown-figure",
    /// A period is asked for that only another period touches.
    PeriodMismatch = "period-mismatch",
    /// A numeral in prose that no binding produced.
    UnboundNumber = "unbound-number",
    /// A bound number whose source is not cited.
    UncitedNumber = "uncited-number",
    /// Code in a narrative other than the documented functions.
    ForbiddenCode = "forbidden-code",
    /// A face that is not there, or a letter that no face at hand has.
    MissingFace = "missing-face",
    /// A text that takes more lines than its place has.
    TooLong = "too-long",
    /// Text that stands outside its page, or that an edge cuts.
    OffPage = "off-page",
    /// What the Typst compiler itself complains of.
    TypstError = "typst-error",
}

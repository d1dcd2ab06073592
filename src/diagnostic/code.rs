//! The stable names of findings: those of Frictionless, and our own for what it has no name for.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)*) => {
        /// What kind of finding it is. Its name is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)* }

        impl Code {
            /// All codes. For each one about a project the tests have a faulty project.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name printed in brackets.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it means, in a sentence, for the machine formats.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+).trim_ascii(),)* }
            }
        }
    };
}

codes! {
    /// The file is empty, or cannot be read.
    SourceError = "source-error",
    /// Bytes that are not UTF-8.
    EncodingError = "encoding-error",
    /// A quote that is never closed, or is where none may be.
    QuoteError = "quote-error",
    /// A label that is empty.
    BlankLabel = "blank-label",
    /// A label that occurs twice.
    DuplicateLabel = "duplicate-label",
    /// A column that the schema requires and the file lacks.
    MissingLabel = "missing-label",
    /// A column the schema does not know.
    ExtraLabel = "extra-label",
    /// A label that is out of order, where the schema requires an order.
    IncorrectLabel = "incorrect-label",
    /// A cell of a workbook that shows something else than it stores, or nothing.
    MaskedValue = "masked-value",
    /// A cell of a workbook with superscript, subscript or struck-out text.
    MarkedText = "marked-text",
    /// A number in a workbook that is shown with fewer decimals than are stored (a note).
    RoundedNumber = "rounded-number",
    /// A formula whose value is missing, not computed by a spreadsheet, or from another workbook.
    FormulaError = "formula-error",
    /// A cell of a workbook that is merged into others and has no value of its own.
    MergedCells = "merged-cells",
    /// Hidden rows or columns of a workbook, or a totals row that is not data.
    HiddenData = "hidden-data",
    /// A workbook of a kind of which only the values are read, not the looks of cells (a warning).
    UnseenLooks = "unseen-looks",
    /// A row that is neither labels nor data: a title, tags, units, a note or a sum.
    StrayRow = "stray-row",
    /// A blank row.
    BlankRow = "blank-row",
    /// A row with fewer cells than labels.
    MissingCell = "missing-cell",
    /// A row with more cells than labels.
    ExtraCell = "extra-cell",
    /// A cell that does not have its field's type.
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
    /// A source at whose address nothing was found when it was last opened (a warning).
    DeadLink = "dead-link",
    /// A total, or another breakdown, that differs from the sum of complete parts, or that may reveal a withheld value (a warning).
    MarginMismatch = "margin-mismatch",
    /// Rows of one publication whose periods overlap (a warning, or a note).
    OverlappingPeriods = "overlapping-periods",
    /// Age bands of one publication that overlap without one containing the other (a warning).
    CrossingBands = "crossing-bands",
    /// Publications that contradict each other (a note).
    ContestedCell = "contested-cell",
    /// A withheld number that can be computed from printed ones (a warning).
    ReckonableValue = "reckonable-value",
    /// A period outside the one that is covered.
    OutsideCoverage = "outside-coverage",
    /// A delivered file that a mapping names and that is not there.
    MissingFile = "missing-file",
    /// A delivered file that is not the one whose checksum its mapping states.
    ChecksumError = "checksum-error",
    /// A sheet that a mapping reads and a delivered file lacks.
    MissingSheet = "missing-sheet",
    /// A sheet with every label that a mapping reads, which is neither read nor ignored (a warning).
    UnreadSheet = "unread-sheet",
    /// A cell of a delivered file that does not look as its mapping expects.
    UnexpectedText = "unexpected-text",
    /// A label that a mapping names and that stands over two columns.
    AmbiguousLabel = "ambiguous-label",
    /// A column of a delivered file that is neither read nor ignored.
    UnreadLabel = "unread-label",
    /// A row of a delivered file that is neither taken nor left.
    UnreadRow = "unread-row",
    /// A text of a delivered file that its mapping does not translate.
    UnknownCode = "unknown-code",
    /// A text of a delivered file of which nobody has decided what it stands for.
    UndecidedCode = "undecided-code",
    /// A cell of a workbook that holds an error, or a formula without a value.
    ErrorCell = "error-cell",
    /// Numbers that cannot be added up, or marks that contradict each other.
    Unaddable = "unaddable",
    /// A row of a delivered file that stands there twice and is added up twice (a warning).
    RepeatedRow = "repeated-row",
    /// A rule of a mapping by which rows are left, and that no row fits (a warning).
    IdleSkip = "idle-skip",
    /// A file that is not a table of the project.
    UnknownTable = "unknown-table",
    /// A file a country needs and lacks.
    MissingTable = "missing-table",
    /// Something that a new country still has to enter (an error, a warning or a note).
    Unwritten = "unwritten",
    /// A schema that is not a valid Table Schema.
    SchemaError = "schema-error",
    /// TOML that cannot be read.
    SyntaxError = "syntax-error",
    /// A key that a declaration does not have.
    UnknownField = "unknown-field",
    /// A key that a declaration needs.
    MissingField = "missing-field",
    /// A value that a declaration does not allow.
    InvalidValue = "invalid-value",
    /// A project in a format of a later program.
    NewerFormat = "newer-format",
    /// A schema for editors that another version of the program wrote (a note).
    StaleSchema = "stale-schema",
    /// A file whose name contradicts its folder or content.
    NameMismatch = "name-mismatch",
    /// A release, or a line of the approvals, that does not follow the one before it or is not as it was written.
    BrokenChain = "broken-chain",
    /// A signature that is not one of the person named, by a key that may sign.
    SignatureError = "signature-error",
    /// Numbers of a release that contradict an earlier one, or that no late cases can give.
    LedgerError = "ledger-error",
    /// A path that leads out of the project, to what is neither a file nor a folder, or to a register that Git would commit.
    PathError = "path-error",
    /// An indicator, section, table, code or edition that does not exist.
    UnknownName = "unknown-name",
    /// A ratio of what is counted in different units, or an index that is given in two (a warning).
    UnitMismatch = "unit-mismatch",
    /// A sum, share or sentence that uses one group under two names.
    DoubleCount = "double-count",
    /// A change across a year in which the definition breaks, or which is withheld (a warning).
    SeriesBreak = "series-break",
    /// A text, a narrative, a finding or an agreed word that a language lacks; for a text or a narrative that of the default language is printed (a warning).
    Untranslated = "untranslated",
    /// Prose that ends with an older year than the newest figure it is about (a warning).
    StaleProse = "stale-prose",
    /// A number written as a word before a unit (a warning).
    NumberWord = "number-word",
    /// A narrative names a figure that does not exist.
    UnknownFigure = "unknown-figure",
    /// A requested period that has no figure, though another one overlaps it.
    PeriodMismatch = "period-mismatch",
    /// A numeral in prose that no binding produced.
    UnboundNumber = "unbound-number",
    /// A bound number whose source is not cited.
    UncitedNumber = "uncited-number",
    /// Code in a narrative other than the documented functions.
    ForbiddenCode = "forbidden-code",
    /// A font that is missing, or a letter that no available font has.
    MissingFace = "missing-face",
    /// A text that needs more lines than there is room for.
    TooLong = "too-long",
    /// A logo that makes every document heavy (a warning).
    HeavyPicture = "heavy-picture",
    /// Text outside its page, or cut off by its edge.
    OffPage = "off-page",
    /// An error of the Typst compiler.
    TypstError = "typst-error",
    /// Typst runs on a system that does not keep it from files or from the network (a warning).
    UnconfinedTypst = "unconfined-typst",
}

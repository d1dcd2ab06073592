//! What the keys of a mapping hold.

use super::reading::READING;
use crate::project::declaration::keys::{self, Holds, Key, Keys, Text};

/// The keys of a mapping.
pub static MAPPING: Keys = Keys::of(
    "data/imports/<id>.toml",
    "Which cells of a delivered file become which rows of the tables. A mapping of one country’s files lies in \
     `data/countries/<ISO3>/imports/`.",
    &[
        keys::text("source")
            .unless("each `[[file]]` has its own")
            .says("The document, by its id in the `sources.csv` of each country that the mapping feeds.")
            .example("\"gsi_2018\""),
        keys::text("licence").says("The terms under which the file was handed out.").example("\"CC BY 4.0\""),
        INTO,
        keys::tables("file", &FILE).must().says("A delivered file."),
        keys::table("read", &READING).says("How its files are read."),
        keys::table("number", &NUMBER).says("How numbers are written."),
        keys::table("missing", &MISSING).says("What taken cells stand for that are no numbers."),
        keys::table("marks", &MARKS).says("What stands behind numbers and labels."),
        keys::tables("skip", &SKIP).says("Rows that are left, with the reason."),
        keys::tables("make", &MAKE).must().says("Rows of one table that are made of rows of the file."),
        keys::table("codes", &CODES).says("What texts of the file stand for, in tables with names."),
    ],
);

/// A text that is the same in every row, or a place in the file.
static GIVEN: [Holds; 2] = [Holds::Scalar, Holds::Table(&PLACE)];

/// Whose folder a row belongs to.
const INTO: Key = keys::key("into", Holds::Either(&GIVEN))
    .without("the country in whose folder the mapping lies")
    .says("The country whose folder a row belongs to, by alpha-3 code, or the place in the file that names it.")
    .example("{ column = \"Country\", codes = \"iso3166-names\" }");

static FILE: Keys = Keys::of(
    "[[file]]",
    "A delivered file. Every key of `[read]` may stand here, too, and then holds for this file.",
    &[
        keys::text("path").must().says("Its path from the folder of the mapping.").example("\"slavery_2018.csv\""),
        keys::text("sha256")
            .unless("the file is confidential")
            .says("Its checksum, so that nobody exchanges it unseen.")
            .example("\"e85f058d9f68ba776d0f4ca8cbd14bb36306dfe3fd9e7d51853cb0097e2ab0c0\""),
        keys::key("retrieved", Holds::Day).says("The day on which it was retrieved.").example("2026-11-29"),
        keys::table("labels", &LABELS)
            .says("Names for its columns, where they differ from those that the mapping uses."),
        keys::text("source")
            .without("that of the mapping")
            .says("The document, by its id in `sources.csv`.")
            .example("\"gsi_2018\""),
        keys::text("licence")
            .without("that of the mapping")
            .says("The terms under which the file was handed out.")
            .example("\"CC BY 4.0\""),
    ],
)
.also(&READING);

static LABELS: Keys = Keys::of("names of columns", "Names for columns.", &[]).further(
    &keys::texts("<label>")
        .says("The name that the mapping uses for the column with this label.")
        .example("\"Country\""),
);

static NUMBER: Keys = Keys::of(
    "[number]",
    "How numbers are written.",
    &[
        keys::like("thousands", MARK).without("no mark").says("The mark between groups of digits.").example("\",\""),
        keys::like("decimal", MARK)
            .without("a number with a point is an error")
            .says("The decimal mark.")
            .example("\".\""),
        keys::one_of("digits", &[("any", "digits of any script are read")])
            .without("only `0` to `9`")
            .says("The digits that are read.")
            .example("\"any\""),
    ],
);

/// One character that is neither a letter nor a digit.
const MARK: &str = "^[^A-Za-z0-9]{1,2}$";

static MISSING: Keys = Keys::of("[missing]", "What taken cells stand for that are no numbers.", &[]).further(
    &keys::key("<text>", Holds::Scalar)
        .says("What a cell with this text stands for: a state such as `..` or `<5`, a number, or `skip`. An empty cell is `\"\"`.")
        .example("\"..\""),
);

static MARKS: Keys = Keys::of("[marks]", "What stands behind numbers and labels.", &[])
    .further(&keys::table("<mark>", &MARK_OF).says("What this mark says; an empty table strips it and says nothing."));

static MARK_OF: Keys = Keys::of(
    "[marks.<mark>]",
    "What a mark says of the number before it.",
    &[
        keys::text("note").says("A note on the number.").example("\"break in series\""),
        keys::one_of(
            "qualifier",
            &[
                ("exact", "it is exact"),
                ("approximate", "it is approximate"),
                ("at_least", "there may be more"),
                ("at_most", "there may be fewer"),
            ],
        )
        .says("How exact the number is.")
        .example("\"approximate\""),
    ],
);

static SKIP: Keys = Keys::of(
    "[[skip]]",
    "Rows that are left, with the reason.",
    &[
        keys::table("where", &WHERE).must().says("Which rows."),
        keys::text("why").must().says("Why they are left.").example("\"a total of the region\""),
    ],
);

static MAKE: Keys = Keys::of(
    "[[make]]",
    "Rows of one table that are made of rows of the file. Every column of the table may be set: by a text that is the same in every row, \
     or by a place in the file.",
    &[
        keys::text("table").must().says("The table that it makes.").example("\"indices\""),
        INTO,
        keys::table("where", &WHERE).without("every row").says("Which rows of the file it takes."),
        keys::texts("take")
            .without("one row for each row of the file")
            .says("The column of the number: one label, several, or a pattern such as `20??`. Each cell becomes a row.")
            .example("[\"Population\"]"),
        keys::key("sum", Holds::Either(&[Holds::Switch, Holds::Text(Text::OneOf(&[("files", "across the files of one source")]))]))
            .without("`false`")
            .says("Whether rows with the same key are added up. Without it two rows with one key are an error.")
            .example("true"),
        keys::table("missing", &MISSING).says("As `[missing]`, for this make, and asked first."),
    ],
)
.further(
    &keys::key("<column>", Holds::Either(&GIVEN))
        .says("What the column of the table holds: a text that is the same in every row, or a place in the file.")
        .example("\"2018\""),
);

static WHERE: Keys = Keys::of("which rows", "Which rows of the file, by what their cells hold.", &[]).further(
    &keys::key("<label>", Holds::Scalars)
        .says("The text, or one of the texts, that a row must have in the column with this label. Upper and lower case differ.")
        .example("\"Total\""),
);

static PLACE: Keys = Keys::of(
    "a place in the file",
    "A place in the file, and what is made of the text there.",
    &[
        keys::text("column").says("The cell of the row in this column; `@C` for a column without a label.").example("\"Year\""),
        keys::key("columns", Holds::Items(&PART))
            .says("Several cells of the row, joined by ` | `.")
            .example("[\"Year\", \"Month\"]"),
        keys::key("label", Holds::Either(&[Holds::Switch, Holds::Integer(Some(1), None)]))
            .says("The label over the taken cell: `true` for the lowest, or the row of labels, from the top.")
            .example("true"),
        keys::switch("section").says("The one filled cell of a row above, which heads its rows.").example("true"),
        keys::like("cell", "^[A-Z]{1,4}[+]?[0-9]+$").says("One cell for all rows.").example("\"C6\""),
        keys::switch("sheet").says("The name of the sheet.").example("true"),
        keys::switch("value").says("The taken cell itself.").example("true"),
        keys::text("like")
            .says("A pattern that the text must fit, and whose `{}` is the part that counts.")
            .example("\"* in {}\""),
        CODES_ASKED,
        keys::like("as", "^(year|month|quarter|day|d/m/y|m/d/y|years|(fiscal|ends)-(0[1-9]|1[0-2]))$")
            .without("the text is no period, or is one already")
            .says("How a period is written: `year`, `month`, `quarter`, `day`, `d/m/y`, `m/d/y`, `years`, `fiscal-04`, `ends-09`.")
            .example("\"year\""),
        keys::one_of("era", &[("buddhist", "543 years are taken off")])
            .without("the Common Era")
            .says("The era of its years.")
            .example("\"buddhist\""),
        keys::one_of("upto", &[("month", "to months"), ("quarter", "to quarters"), ("year", "to years")])
            .without("as it is written")
            .says("How far days are coarsened, as a register’s should be.")
            .example("\"month\""),
    ],
)
.one_of(&["column", "columns", "label", "section", "cell", "sheet", "value"]);

/// The tables in which a text is looked up.
const CODES_ASKED: Key = keys::texts("codes")
    .without("the text is a code already")
    .says("The tables of codes in which the text is looked up, one after another.")
    .example("[\"iso3166-names\", \"countries\"]");

static PART: Keys = Keys::of(
    "one of several columns",
    "One of several columns, with codes of its own.",
    &[keys::text("column").must().says("Its label.").example("\"Month\""), CODES_ASKED],
);

static CODES: Keys = Keys::of("[codes]", "What texts of the file stand for.", &[])
    .further(&keys::table("<name>", &CODE).says("A table of codes, by the name that `codes` asks for."));

static CODE: Keys = Keys::of("[codes.<name>]", "Every text that occurs has a line.", &[]).further(
    &keys::key("<text>", Holds::Either(&[Holds::Scalar, Holds::Table(&RIGHT)]))
        .says("What a text stands for: a code, or a table.")
        .example("\"female\""),
);

static RIGHT: Keys = Keys::of(
    "[codes.<name>.<text>]",
    "What a text stands for that is not one code.",
    &[
        keys::text("skip").says("Why rows with this text are left.").example("\"not a victim\""),
        keys::one_of("total", &[("above", "the sum of the rows above it, against which it is checked")])
            .says("The row is a total, and is dropped.")
            .example("\"above\""),
    ],
)
.alone(&["skip", "total"])
.further(
    &keys::key("<column>", Holds::Scalar)
        .says("The code of a column; several at once may be set.")
        .example("\"female\""),
);

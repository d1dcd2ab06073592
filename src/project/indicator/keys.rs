//! What the keys of an indicator's file hold.

use super::ChartKind;
use crate::project::declaration::keys::{self, Holds, Keys, Text};
use crate::value::period::PATTERN;

/// The keys of an indicator.
pub static INDICATOR: Keys = Keys::of(
    "data/indicators/<section>/<id>.toml",
    "What is counted, drawn and printed under one name. The file’s name is the id, which no other indicator has.",
    &[
        keys::text("title").must().says("Its name, a noun phrase.").example("\"Persons arrested\""),
        keys::text("short").without("the title").says("A short name, for rows and panels.").example("\"Arrested\""),
        keys::text("description")
            .says("Its definition, in a sentence.")
            .example("\"Persons arrested on suspicion of trafficking in persons, in the period.\""),
        keys::text("table").says("The table whose rows it counts.").example("\"arrests\""),
        keys::text("measure")
            .unless("the table has a single measure")
            .says("With `table`: the stage, the status or the index that it counts.")
            .example("\"arrested\""),
        keys::key("collect", Holds::SomeTexts(Text::Any))
            .says("In place of `table`: other indicators, or cells of theirs, that are shown together.")
            .example("[\"arrests_made\", \"arrests_made:sex=female\"]"),
        keys::table("ratio", &RATIO).says("In place of `table`: the ratio of two indicators."),
        keys::text("unit").says("What is counted, a key of `[units]` in the language.").example("\"persons\""),
        keys::texts("dimensions")
            .without("not broken down")
            .says("The dimensions that it is broken down by, in the order of figure ids.")
            .example("[\"sex\"]"),
        keys::table("where", &WHERE).without("every row counts").says("Codes that a row must have, by dimension."),
        keys::integer("order", None, None)
            .without("the last place")
            .says("Its place in its section: lower numbers come first.")
            .example("1"),
        keys::integer("key_figure", None, None)
            .without("not on page one, unless a country names it")
            .says("Its place among the key figures of page one.")
            .example("1"),
        keys::texts("of_whom")
            .says("Parts of it that the table of changes lists below it, each as `dimension=code`.")
            .example("[\"sex=female\"]"),
        keys::switch("released_table").says("Whether its table is printed.").example("true"),
        keys::switch("scoreboard").says("Whether what it collects is the scoreboard: a row for each series.").example("true"),
        keys::switch("on_request").says("Whether its chart is drawn only where prose asks for it.").example("true"),
        keys::switch("background")
            .says("Whether counts are seen against it (the population, a score): it does not move the date up to which a country counts.")
            .example("true"),
        keys::tables("breaks", &BREAK).says("A year in which its definition changes, for every country."),
        keys::table("chart", &CHART).without("no chart").says("How it is drawn."),
    ],
)
.one_of(&["table", "collect", "ratio"])
.beside(&[("measure", "table")]);

static RATIO: Keys = Keys::of(
    "[ratio]",
    "The ratio of two indicators.",
    &[
        keys::text("of")
            .must()
            .says("The indicator that is divided, or a cell of it.")
            .example("\"arrests_made:sex=female\""),
        keys::text("to")
            .must()
            .says("The indicator that it is divided by, or a cell of it.")
            .example("\"arrests_made\""),
        keys::integer("per", Some(1), None).else_number(100).says("Per how many: 100 for per cent.").example("100000"),
    ],
);

static WHERE: Keys = Keys::of("[where]", "Codes that a row must have.", &[]).further(
    &keys::texts("<dimension>").says("The codes of a dimension, one of which a row must have.").example("[\"own\"]"),
);

static BREAK: Keys = Keys::of(
    "[[breaks]]",
    "A year in which its definition changes, for every country.",
    &[
        keys::like("at", PATTERN)
            .must()
            .says("When: the first period that is counted in the new way.")
            .example("\"2016\""),
        keys::text("label").must().says("Why, in two words, printed at the break.").example("\"new scale\""),
    ],
);

static CHART: Keys = Keys::of(
    "[chart]",
    "How it is drawn.",
    &[
        keys::key("kind", Holds::Text(Text::Among(kinds))).must().says("The kind of chart.").example("\"rows\""),
        keys::text("title")
            .without("the title of the indicator, or of the prose that places the chart")
            .says("Its title, where the prose gives none that states a finding.")
            .example("\"Arrests and convictions\""),
        keys::text("subtitle").says("Measure, unit and scale, under the title.").example("\"Persons a year\""),
        keys::integer("from", None, None)
            .without("the first year with a figure")
            .says("The first year of its axis.")
            .example("2012"),
        keys::integer("most", None, None)
            .without("all of them")
            .says("The most series that it shows: the highest, and in a `matrix` those that are known for most years.")
            .example("8"),
        keys::one_of(
            "width",
            &[("full", "as wide as the page"), ("text", "as wide as the text, with room for notes beside it")],
        )
        .else_text("full")
        .says("How wide it is. Only some kinds stay readable at the width of the text.")
        .example("\"full\""),
        keys::text("by")
            .unless("the kind has no breakdown: it is needed by `flow`, `provinces` and `bars`")
            .says("The dimension by which it is broken down.")
            .example("\"from_country\""),
        keys::tables("splits", &SPLIT).says(
            "For a `stack`: a way to split the whole. All columns are split by the one that most of them have in full.",
        ),
    ],
);

static SPLIT: Keys = Keys::of(
    "[[chart.splits]]",
    "A way to split a whole into parts.",
    &[
        keys::texts("cells").says("The parts, each as `dimension=code`.").example("[\"sex=female\", \"sex=male\"]"),
        keys::texts("labels")
            .says("The label of each, in the same order.")
            .example("[\"Women and girls\", \"Men and boys\"]"),
    ],
);

fn kinds() -> Vec<(&'static str, &'static str)> {
    ChartKind::ALL.iter().map(|kind| (kind.name(), kind.says())).collect()
}

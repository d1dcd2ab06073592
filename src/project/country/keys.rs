//! What the keys of `country.toml` hold.

use super::TILES;
use crate::project::declaration::keys::{self, Keys};
use crate::project::engine::ENGINES;
use crate::value::period::PATTERN;

/// The keys of `country.toml`.
pub static COUNTRY: Keys = Keys::of(
    "data/countries/<ISO3>/country.toml",
    "The name of a country, and what is particular to its counts.",
    &[
        keys::text("name").must().says("The name that is printed large on the cover.").example("\"Examplia\""),
        keys::text("official").says("The official name, printed below it.").example("\"Republic of Examplia\""),
        keys::texts("neighbours")
            .without("no neighbours")
            .says("The countries that are printed beside it, by alpha-3 code, in this order.")
            .example("[\"MMR\", \"CHN\"]"),
        keys::texts("milestones")
            .without("all events")
            .says("The events that stand on the chart of milestones, by their ids in `events.csv`; an empty list makes no chart.")
            .example("[\"palermo_protocol\"]"),
        keys::texts("key_figures")
            .without("the indicators that have a `key_figure` of their own, the latest first")
            .says("The indicators on page one, by id, in this order; the first four that have data are printed.")
            .example("[\"arrests_made\"]"),
        keys::tables("scope", &SCOPE).says("For one indicator: what this country’s counts include or exclude."),
        keys::tables("breaks", &BREAK)
            .says("A year in which what an indicator counts changes here. A break that holds for every country stands in the indicator."),
        keys::tables("same", &SAME).says("Figures that count the same people under two names."),
        keys::tables("confirmed_empty", &CONFIRMED)
            .says("A year that a register covers and in which there was nothing to count; any other year without rows is an error."),
        keys::table("engine", &ENGINES).says("Registers that an engine counts, each in a table of its own."),
        keys::tables("provinces", &PROVINCE).without("no map").says("A province and its place on the map of tiles."),
        keys::text("encoding")
            .without("UTF-8")
            .says("The encoding of those of its files that are not UTF-8, by its name on the web.")
            .example("\"windows-1252\""),
        keys::table("dialect", &DIALECT).says("How its CSV files are written."),
        keys::table("read", &READ).says("What is accepted of its workbooks."),
    ],
);

static SCOPE: Keys = Keys::of(
    "[[scope]]",
    "What this country’s counts of one indicator include or exclude. At most one for each indicator.",
    &[
        keys::text("indicator").must().says("The indicator, by id.").example("\"arrests_made\""),
        keys::text("text")
            .must()
            .says("One sentence, printed after the indicator’s definition.")
            .example("\"The police take in persons held for migrant smuggling.\""),
    ],
);

static BREAK: Keys = Keys::of(
    "[[breaks]]",
    "A year in which what an indicator counts changes in this country.",
    &[
        keys::text("indicator").must().says("The indicator, by id.").example("\"arrests_made\""),
        keys::like("at", PATTERN)
            .must()
            .says("When: the first period that is counted in the new way.")
            .example("\"2022\""),
        keys::text("label").must().says("Why, in two words, printed at the break.").example("\"law changes\""),
    ],
);

static SAME: Keys = Keys::of(
    "[[same]]",
    "Two figures that are the same people under two names: no sum, share or sentence may use both.",
    &[
        keys::texts("figures")
            .says("The ids of the two figures; `explain` shows them.")
            .example("[\"XXA/arrests_made:2023\", \"XXA/victims_found:2023\"]"),
        keys::text("reason").must().says("Why they are the same.").example("\"One raid, told twice.\""),
    ],
);

static CONFIRMED: Keys = Keys::of(
    "[[confirmed_empty]]",
    "One year of one measure of a register: it was counted, and there was nothing.",
    &[
        keys::text("source").must().says("The register, by its id in `sources.csv`.").example("\"court_register\""),
        keys::text("measure").must().says("The table and its stage or status.").example("\"cases/prosecuted\""),
        keys::like("period", PATTERN).must().says("The calendar year.").example("\"2022\""),
    ],
);

static PROVINCE: Keys = Keys::of(
    "[[provinces]]",
    "A province and its place on the map of tiles. Each has a code and a tile of its own.",
    &[
        keys::text("code").must().says("Its code of ISO 3166-2.").example("\"LA-VT\""),
        keys::text("name").must().says("Its name, printed on the map.").example("\"Vientiane\""),
        keys::integer("column", Some(1), Some(TILES))
            .must()
            .says("The column of its tile, from the left.")
            .example("3"),
        keys::integer("row", Some(1), Some(TILES)).must().says("The row of its tile, from the top.").example("5"),
    ],
);

static DIALECT: Keys = Keys::of(
    "[dialect]",
    "How its CSV files are written.",
    &[keys::one_of("delimiter", &[(",", "a comma"), (";", "a semicolon"), ("|", "a bar"), ("\t", "a tab")])
        .else_text(",")
        .says("What separates cells, in those files whose labels it separates.")
        .example("\";\"")],
);

static READ: Keys = Keys::of(
    "[read]",
    "What is accepted of its workbooks.",
    &[keys::one_of("looks", &[("unseen", "they are accepted, and read by their values alone")])
        .without("a warning for each of them")
        .says("Workbooks whose formats and fonts cannot be checked.")
        .example("\"unseen\"")],
);

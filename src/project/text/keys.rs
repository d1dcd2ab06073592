//! What the keys of a language's catalogue hold.

use crate::project::declaration::keys::{self, Holds, Key, Keys, Text};

/// The keys of a catalogue.
pub static CATALOGUE: Keys = Keys::of(
    "data/text/<language>.toml",
    "The texts of a language: its words, and its translations of what the declarations say.",
    &[
        keys::text("region")
            .must()
            .says("The country whose hyphenation and quotes it has, by its alpha-2 code in lower case.")
            .example("\"fr\""),
        keys::text("locale")
            .without("the language in its region")
            .says("The language tag (BCP 47) whose numbers, dates and plurals it has.")
            .example("\"fr-CH\""),
        keys::text("name").without("its code").says("What the page on the web calls it.").example("\"Français\""),
        keys::switch("draft")
            .says("Whether a reader of the language still has to confirm it: its documents say so, and are neither mailed nor listed.")
            .example("true"),
        keys::one_of("calendar", &[("gregorian", "the Common Era")])
            .else_text("gregorian")
            .says("The calendar, of which there is one: a year on an axis or in a table has no language.")
            .example("\"gregorian\""),
        keys::one_of("digits", &[("latn", "European digits")])
            .else_text("latn")
            .says("The digits, of which there is one kind.")
            .example("\"latn\""),
        keys::table("font", &FONT)
            .without("the font of the page")
            .says("The font of a script that the font of the page has no letters of."),
        keys::texts("number_words")
            .says("The numbers from nought on as words, as `#words` prints them.")
            .example("[\"nought\", \"one\", \"two\"]"),
        keys::texts("further_number_words").says("Further words of numbers: before a counted noun they are a warning.").example("[\"thirteen\", \"dozen\"]"),
        keys::texts("counted").says("Nouns of what is counted.").example("[\"persons\", \"victims\"]"),
        keys::texts("legal_words")
            .says("Words whose number is that of a law or of a part of one, and no figure.")
            .example("[\"article\", \"decree\"]"),
        keys::texts("age_words").says("Words beside which a number is an age.").example("[\"aged\", \"years\"]"),
        keys::texts("age_limits").says("Words after which a number may be a limit of age.").example("[\"under\"]"),
        keys::texts("whole_words").says("Words that are never parted at the end of a line.").example("[\"ປະເທດ\"]"),
        keys::table("unit_nouns", &UNIT_NOUNS).says("The nouns that stand for each unit."),
        keys::tables("glossary", &GLOSSARY).says("A word that has been agreed on, which `check` holds the texts to."),
        texts("words", "The words of templates and charts.").example("{ total = \"total\" }"),
        texts("units", "The units, by the keys that indicators name.").example("{ persons = { one = \"person\", other = \"persons\" } }"),
        texts("countries", "The names of countries, by alpha-3 code.").example("{ MMR = \"Myanmar\" }"),
        texts("report", "The title of the series, in a further language.").example("{ title = \"Traite des personnes\" }"),
        texts("editions", "The titles of documents by id, in a further language.").example("{ brief = \"Note de pays\" }"),
        texts("sections", "The titles of sections by id, in a further language.").example("{ protection = \"Protection\" }"),
        texts(
            "indicators",
            "The texts of indicators by id, in a further language: `title`, `short`, `description`, `chart.title`, `chart.subtitle`, \
             `breaks.<year>`, `labels`.",
        )
        .example("{ arrests_made = { title = \"Personnes arrêtées\" } }"),
        texts("codes", "The labels of codes by column, in a further language.").example("{ sex = { female = \"femmes\" } }"),
        texts(
            "country",
            "What a country declares, in a further language, by alpha-3 code: `name`, `official`, `breaks`, `scope`, `same`, `provinces`.",
        )
        .example("{ XXA = { official = \"République d’Exemplie\" } }"),
        texts("events", "The events of a country by alpha-3 code and id, in a further language.")
            .example("{ XXA = { women_law = \"Loi sur les femmes\" } }"),
    ],
);

/// A table of texts, some with plural forms.
const fn texts(name: &'static str, says: &'static str) -> Key {
    keys::key(name, Holds::Nested).says(says)
}

static FONT: Keys = Keys::of(
    "[font]",
    "The font of a script that the font of the page has no letters of.",
    &[
        keys::text("family").must().says("The name of the family.").example("\"Noto Serif Lao\""),
        keys::text("folder")
            .without("only `DejaVu Sans`, which is built in")
            .says("The folder with its files, from the project’s folder or absolute.")
            .example("\"fonts\""),
        keys::texts("sha256")
            .says("The checksums of its files, so that no two machines set different ones.")
            .example("[\"4e6a0d5a…\"]"),
        keys::text("stand_in")
            .without("it is an error where the files are not at hand")
            .says("A built-in family that is used where the files are not at hand; the documents are drafts then.")
            .example("\"DejaVu Sans\""),
    ],
);

static UNIT_NOUNS: Keys = Keys::of("[unit_nouns]", "The nouns that stand for each unit, in lower case.", &[]).further(
    &keys::texts("<unit>")
        .says("The nouns that stand for a unit.")
        .example("[\"person\", \"persons\", \"victim\", \"victims\"]"),
);

static GLOSSARY: Keys = Keys::of(
    "[[glossary]]",
    "A word that has been agreed on: where a text has the term, its translation must have the word.",
    &[
        keys::key("term", Holds::SomeTexts(Text::Like("\\S")))
            .must()
            .says("The term of the default language, in its forms.")
            .example("\"labour dispute\""),
        keys::key("translation", Holds::SomeTexts(Text::Like("\\S")))
            .must()
            .says("The word for it, in its forms; one of them must be there.")
            .example("[\"litige du travail\", \"litiges du travail\"]"),
        keys::text("note")
            .says("Why this word; it is shown with the warning.")
            .example("\"not “conflit”, which is a strike\""),
    ],
);

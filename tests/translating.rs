//! What a reader of a further language meets: agreed words that `check` holds the texts to, and the sheet with both texts.

use crate::project::Project;

/// The product's Laos in English and French, with a glossary of one word that its French prose lacks.
fn french() -> Project {
    Project::product_of("LAO", &["en", "fr"])
}

#[test]
fn an_agreed_word_that_is_not_there_is_named_at_its_line() {
    let project = french();
    assert!(!project.run(&["check"]).stderr.contains("has agreed on"), "the product keeps to its words");
    project.replace(
        "data/countries/LAO/narrative/fr/tier.typ",
        "la liste de surveillance aux zones",
        "la liste rouge aux zones",
    );
    let told = project.run(&["check", "--format", "short"]);
    let text = format!("{}{}", told.stdout, told.stderr);
    let expected = "the default text has “watch list”; `fr` has agreed on “liste de surveillance” for it";
    assert!(text.contains("data/countries/LAO/narrative/fr/tier.typ:20:") && text.contains(expected), "{text}");
}

#[test]
fn a_glossary_entry_without_its_word_is_an_error() {
    let project = french();
    let text = project.read("data/text/fr.toml").replacen(
        "[[glossary]]\n",
        "[[glossary]]\nterm = \"law\"\n\n[[glossary]]\n",
        1,
    );
    project.write("data/text/fr.toml", &text);
    let told = project.run(&["check", "--format", "short"]);
    let text = format!("{}{}", told.stdout, told.stderr);
    assert!(text.contains("error[missing-field]: the key `translation` is missing or empty"), "{text}");
}

#[test]
fn a_sheet_is_read_back_and_only_its_corrections_are_written() {
    let project = french();
    assert_eq!(project.run(&["translate", "--sheet", "fr"]).code, 0);
    let sheet = project.read("translation-fr.csv");
    let row = sheet.lines().find(|line| line.contains("fr/tier.typ:2,")).expect("a row of the headline").to_owned();
    let before = project.read("data/countries/LAO/narrative/fr/tier.typ");
    // Nothing is corrected yet, so that nothing is written.
    assert_eq!(project.run(&["translate", "--sheet", "fr", "--read", "translation-fr.csv"]).code, 0);
    assert_eq!(project.read("data/countries/LAO/narrative/fr/tier.typ"), before);
    let translation =
        row.strip_suffix(',').expect("an empty correction").rsplit_once("\",\"").expect("cells in quotes").1;
    let corrected = sheet.replace(&row, &format!("{row}\"Corrigé : {translation}"));
    project.write("translation-fr.csv", &corrected);
    let told = project.run(&["translate", "--sheet", "fr", "--read", "translation-fr.csv"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let after = project.read("data/countries/LAO/narrative/fr/tier.typ");
    assert!(after.contains("  Corrigé : = Au dernier niveau") && after.len() > before.len(), "{after}");
    // The sheet is older than the text now.
    let told = project.run(&["translate", "--sheet", "fr", "--read", "translation-fr.csv"]);
    assert!(told.code == 1 && told.stderr.contains("write the sheet again"), "{}", told.stderr);
}

#[test]
fn a_correction_that_loses_a_number_is_refused() {
    let project = french();
    project.run(&["translate", "--sheet", "fr"]);
    let sheet = project.read("translation-fr.csv");
    let row = sheet.lines().find(|line| line.contains("fr/tier.typ:2,")).expect("a row of the headline").to_owned();
    project.write("translation-fr.csv", &sheet.replace(&row, &format!("{row}Au dernier niveau")));
    let told = project.run(&["translate", "--sheet", "fr", "--read", "translation-fr.csv"]);
    assert!(told.code == 1 && told.stderr.contains("the mark {1} must stand in the text once"), "{}", told.stderr);
    assert_eq!(project.run(&["translate", "--sheet", "xx"]).code, 3);
}

//! Prose held against the newest figures, and against itself in other languages. What is sound stays silent.

use crate::project::Project;

const ARRESTS: &str = "data/countries/XXA/narrative/en/prosecution.typ";
const FRONT: &str = "data/countries/XXA/narrative/en/brief.typ";
const SUMMARY: &str = "data/countries/XXA/narrative/en/donor-summary.typ";
const OLD: &str = "= Arrests\n\nIn #lit[2021], #n(\"persons_arrested\", year: 2021) persons were arrested.#src()\n";

/// What `check` warns of, without the texts that a further language lacks.
fn warnings(project: &Project) -> Vec<String> {
    let run = project.run(&["check", "--format", "short"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let own = |line: &&str| line.contains(": warning[") && !line.starts_with("data/text/");
    run.stdout.lines().filter(own).map(str::to_owned).collect()
}

#[test]
fn a_document_that_stops_at_an_older_year_is_reported_once() {
    let project = Project::minimal();
    project.write(ARRESTS, &format!("{OLD}\nAgain #n(\"persons_arrested\", year: 2021).#src()\n"));
    let due = format!(
        "{ARRESTS}:3:17: warning[stale-prose]: the prose gives `persons_arrested` up to 2021; its newest figure is for 2023"
    );
    assert_eq!(warnings(&project), [due]);
}

#[test]
fn any_call_of_the_document_may_reach_the_newest_figure() {
    for reaching in [
        "#deck[A front page with #n(\"persons_arrested\", year: 2023).#src()]\n",
        "#findings(finding(\"persons_arrested\", year: 2023)[A headline][Its evidence.])\n",
        "#deck[Women alone: #n(\"persons_arrested\", year: 2023, sex: \"female\").#src()]\n",
        "#deck[They #trend(\"persons_arrested\", from: 2022, to: 2023).#src()]\n",
    ] {
        let project = Project::minimal();
        project.write(ARRESTS, OLD);
        project.write(FRONT, reaching);
        assert_eq!(warnings(&project), Vec::<String>::new(), "{reaching}");
    }
}

#[test]
fn another_document_reaches_nothing() {
    let project = Project::minimal();
    let report = project.read("data/report.toml");
    project
        .write("data/report.toml", &(report + "\n[[documents]]\nid = \"donor-summary\"\ntitle = \"Donor summary\"\n"));
    project.write(SUMMARY, &format!("#deck[The summary.]\n\n{OLD}"));
    let found = warnings(&project);
    assert!(found.len() == 1 && found[0].starts_with(SUMMARY), "{found:?}");
}

#[test]
fn what_has_no_newer_figure_is_not_old() {
    let project = Project::minimal();
    let victims = "period,status,sex,age_group,count,qualifier,source,note\n2021,identified,male,total,4,,yearbook_2023,\n2022,identified,female,total,7,,yearbook_2023,\n2022-03/2023-02,identified,total,total,9,,police_2024,\n2023,identified,total,total,..,,yearbook_2023,\n";
    project.write("data/countries/XXA/victims.csv", victims);
    let prose =
        "= Victims\n\nWomen were #n(\"victims_identified\", year: 2022, sex: \"female\") in #lit[2022].#src()\n";
    project.write("data/countries/XXA/narrative/en/protection.typ", prose);
    assert_eq!(warnings(&project), Vec::<String>::new(), "a gap is no figure, and what overlaps is not newer");
    let men = "= Victims\n\nMen were #n(\"victims_identified\", year: 2021, sex: \"male\") in #lit[2021].#src()\n";
    project.write("data/countries/XXA/narrative/en/protection.typ", men);
    let found = warnings(&project);
    assert!(found.len() == 1 && found[0].contains("its newest figure is for 2022-03/2023-02"), "{found:?}");
}

/// A project in two languages, with the prose of one section in each.
fn in_two_languages(first: &str, second: &str) -> Vec<String> {
    let project = Project::minimal();
    let report = project.read("data/report.toml");
    project.write("data/report.toml", &report.replace("[\"en\"]", "[\"en\", \"xx\"]"));
    project.write("data/text/xx.toml", "region = \"xx\"\nlocale = \"fr\"\n\n[report]\ntitle = \"Another title\"\n");
    let other = |path: &str| path.replace("/en/", "/xx/");
    project.write(&other(FRONT), &project.read(FRONT));
    project.write(ARRESTS, first);
    project.write(&other(ARRESTS), second);
    warnings(&project)
}

const RISE: &str = "= Arrests\n\nArrests #trend(\"persons_arrested\", from: 2021, to: 2023).#src()\n";

#[test]
fn what_one_language_prints_the_other_prints_in_whatever_form() {
    let calls = "= Arrests\n\nThey were #words(\"persons_arrested\", year: 2021) and then #n(\"persons_arrested\", year: 2023).#src()\n";
    assert_eq!(in_two_languages(RISE, calls), Vec::<String>::new());
    let only_now = "= Arrests\n\nThey were #n(\"persons_arrested\", year: 2023).#src()\n";
    let found = in_two_languages(RISE, only_now);
    let due =
        format!("{ARRESTS}:3:10: warning[untranslated]: `xx` lacks what stands here: `XXA/persons_arrested:2021`");
    assert_eq!(found, [due]);
    let found = in_two_languages(only_now, RISE);
    assert!(found.len() == 1 && found[0].contains("/xx/") && found[0].contains("`en` lacks"), "{found:?}");
}

#[test]
fn a_finding_that_one_language_lacks_is_reported_where_it_stands() {
    let two = format!("{RISE}\n= And they fell before\n\nText.\n");
    let found = in_two_languages(&two, RISE);
    let due = format!("{ARRESTS}:5:1: warning[untranslated]: `xx` lacks what stands here: headline 2");
    assert_eq!(found, [due]);
    let finding = |year: u16| {
        format!(
            "#findings(finding(\"persons_arrested\", year: {year})[A headline][By #n(\"persons_arrested\", year: 2023).#src()])\n"
        )
    };
    let found = in_two_languages(&finding(2023), &finding(2021));
    assert_eq!(found.len(), 2, "each language has one that the other lacks: {found:?}");
    assert!(found[0].contains("the finding on `persons_arrested`, 2023"), "{found:?}");
    assert_eq!(in_two_languages(&finding(2023), &finding(2023)), Vec::<String>::new());
}

#[test]
fn nouns_are_given_of_known_units_only() {
    let project = Project::minimal();
    project.replace(
        "data/text/en.toml",
        "\nprovinces = [\"province\", \"provinces\"]",
        "\nprovince = [\"province\", \"provinces\"]",
    );
    let run = project.run(&["check", "--format", "short"]);
    assert!(run.code == 1 && run.stdout.contains("error[unknown-name]: there is no unit `province`"), "{}", run.stdout);
}

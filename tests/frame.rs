//! Documents made of blocks: what a text of blocks may hold, what is left out of it, and how its pages come out.

use std::fs;
use std::process::Command;

use crate::article;
use crate::project::Project;
use crate::tools::tool;

const FRONT: &str = "data/countries/XXA/narrative/en/brief.typ";
const SECTION: &str = "data/countries/XXA/narrative/en/prosecution.typ";

/// A block on an indicator that the small project knows.
const BLOCK: &str = "#question(\"justice\")[Arrests resumed][In #lit[2023], #n(\"persons_arrested\", year: 2023) persons were arrested.#src()][Their outcome.]\n";

/// What `check` finds in the text of the small project's brief.
fn findings(front: &str) -> Vec<String> {
    let project = Project::minimal();
    project.write(FRONT, front);
    found(&project)
}

fn found(project: &Project) -> Vec<String> {
    let run = project.run(&["check", "--format", "short"]);
    run.stdout.lines().filter(|line| line.contains(".typ:") && !line.contains(": note")).map(str::to_owned).collect()
}

fn assert_found(front: &str, due: &str) {
    let found = findings(front);
    assert!(found.len() == 1 && found[0].contains(due), "`{due}` is due, and found is {found:?} for\n{front}");
}

#[test]
fn a_text_of_blocks_is_sound() {
    let asks = "#asks(ask(owner: \"Ministry of Examples\", by: \"2026-12\")[Publish it][Because.][it is public.])\n";
    assert_eq!(findings(&format!("#deck[A line.]\n\n{asks}\n{BLOCK}")), Vec::<String>::new());
}

#[test]
fn beside_blocks_stands_nothing() {
    for beside in ["Loose text.", "= A heading", "- An item", "*Bold*", "#lead[A lead.]", "#note[A note.]"] {
        assert_found(&format!("{BLOCK}\n{beside}\n"), "a text of blocks prints nothing beside them");
    }
}

#[test]
fn a_block_stands_at_the_top_of_a_document() {
    let due = "`#question` stands only at the top of a document's own text";
    assert_found(&format!("#band[\n{BLOCK}]\n"), due);
    let project = Project::minimal();
    project.write(SECTION, BLOCK);
    let found = found(&project);
    assert!(found.len() == 1 && found[0].starts_with(SECTION) && found[0].contains(due), "{found:?}");
}

#[test]
fn a_place_is_taken_once() {
    assert_found(&format!("{BLOCK}{BLOCK}"), "there is a block on `justice` already");
    assert_found(&format!("#deck[One.]\n#deck[Two.]\n{BLOCK}"), "`#deck` stands twice");
    let asks = "ask(owner: \"A\", by: \"2026\")[One][Because.][met.], ".repeat(4);
    assert_found(&format!("#asks({asks})\n{BLOCK}"), "there are 4 requests; the page has room for 3");
}

#[test]
fn a_request_says_of_whom_by_when_and_how_to_see_that_it_is_met() {
    let asks = |ask: &str| format!("#asks({ask})\n{BLOCK}");
    let whole = "owner: \"Ministry of Examples\", by: \"2026-12\"";
    assert_found(&asks("ask(by: \"2026-12\")[Publish it][Because.][it is public.]"), "does not say of whom");
    assert_found(
        &asks("ask(owner: \"Ministry of Examples\")[Publish it][Because.][it is public.]"),
        "does not say by when",
    );
    assert_found(&asks(&format!("ask({whole})[Publish it][Because.][ ]")), "does not say how to see that it is met");
    assert_found(&asks(&format!("ask({whole})[Publish it][][it is public.]")), "does not say the figure behind it");
}

#[test]
fn a_block_names_an_indicator_that_can_be_shown() {
    assert_found("#question(\"justise\")[A][B][C]\n", "there is no chart or released table `justise`");
    assert_found("#question(\"justice\")[A][B][C][D]\n", "does not take this argument");
    assert_found(
        &BLOCK.replace("[Their outcome.]", "[#chart(\"justice\")]"),
        "`#chart` does not fit into the text of a block",
    );
}

#[test]
fn who_must_act_is_named_in_words_and_when_is_a_period() {
    let ask = |named: &str| format!("#asks(ask({named})[Publish it][Because.][it is public.])\n{BLOCK}");
    assert_found(&ask("by: \"2026\", owner: \"Department 7\""), "`7` is a number in the name of an owner");
    assert_found(&ask("by: \"2026\", owner: \"Department \\\\u{37}\""), "the owner of a request is a plain name");
    assert_found(&ask("owner: \"Department\", by: \"soon\""), "period-error");
    assert_found(&ask("owner: \"Department\", by: \"2026\", when: \"2026\""), "this function has no argument `when`");
}

#[test]
fn numbers_in_a_block_are_cited() {
    assert_found(&BLOCK.replace("#src()", ""), "the source of this number is not cited");
    assert_found(&BLOCK.replace("[Their outcome.]", "[All 41.]"), "unbound-number");
}

#[test]
fn a_block_of_which_nothing_is_known_is_left_out_with_what_it_cites() {
    let project = Project::minimal();
    let other = BLOCK.replace("justice", "other");
    project.write(FRONT, &format!("{BLOCK}{}", other.replace("#src()", "#src(\"spare_2024\")")));
    let indicator = project.read("data/indicators/prosecution/justice.toml");
    let unknown =
        indicator.replace("[\"persons_arrested\", \"persons_arrested:sex=female\"]", "[\"persons_arrested:sex=male\"]");
    project.write("data/indicators/prosecution/other.toml", &unknown.replace("order = 2", "order = 3"));
    let sources = project.read("data/countries/XXA/sources.csv");
    let spare = "spare_2024,Spare report,Spare Office,2024-02,,https://example.org/spare,publication,3,,,,\n";
    project.write("data/countries/XXA/sources.csv", &format!("{sources}{spare}"));
    let warned = found(&project);
    assert!(warned.len() == 1 && warned[0].contains("the block is left out"), "{warned:?}");
    project.replace("data/report.toml", "sections = true", "pages = 6");
    project.build();
    let words = crate::donors::words(&project, "XXA/en/brief.pdf").concat().join(" ");
    assert!(words.contains("Arrests resumed") && words.contains("Police of Examplia"), "the known block is printed");
    assert!(!words.contains("Spare Office"), "what the other alone cites is not listed");
}

/// The rows of a grey picture that have ink.
fn inked(page: &[u8]) -> Vec<bool> {
    let mut words = page.splitn(4, u8::is_ascii_whitespace);
    assert_eq!(words.next(), Some(&b"P5"[..]), "a picture in grey");
    let width = String::from_utf8_lossy(words.next().expect("a width")).parse::<usize>().expect("a number");
    // Its height, then the greatest grey, then the dots.
    let rest = words.nth(1).expect("dots");
    let first = rest.iter().position(u8::is_ascii_whitespace).expect("an end of the head") + 1;
    rest[first..].chunks(width).map(|row| row.iter().any(|dot| *dot < 200)).collect()
}

/// The white at the foot of each page's live area, in millimetres.
fn white_feet(pdf: &std::path::Path, pdftoppm: &std::path::Path) -> Vec<f64> {
    let folder = tempfile::tempdir().expect("a folder");
    let run = Command::new(pdftoppm).args(["-gray", "-r", "50.8"]).arg(pdf).arg(folder.path().join("page")).status();
    assert!(run.expect("pdftoppm runs").success());
    let mut pages: Vec<_> =
        fs::read_dir(folder.path()).expect("pages").map(|page| page.expect("a page").path()).collect();
    pages.sort();
    let white = |page: &std::path::PathBuf| {
        // Two rows are a millimetre; the live area ends 19 mm above the foot of the paper.
        let rows = inked(&fs::read(page).expect("a page"));
        let end = (297 - 19) * 2;
        let last = (0..end).rev().find(|row| rows[*row]).expect("the page holds something");
        f64::from(u32::try_from(end - last).expect("few rows")) / 2.0
    };
    pages.iter().map(white).collect()
}

#[test]
fn the_foot_of_each_page_says_what_to_cite_and_which_page_of_how_many_it_is() {
    let project = article::series();
    for (document, country, pages) in [("brief", "Laos", 6), ("annex", "Laos", 0), ("donor-summary", "Laos", 2)] {
        let words = crate::donors::words(project, &format!("LAO/en/{document}.pdf"));
        assert!(pages == 0 || words.len() == pages, "{document} has {} pages", words.len());
        for (at, page) in words.iter().enumerate() {
            let page = page.join(" ");
            assert!(page.contains(&format!(" {}/{}", at + 1, words.len())), "{document}, page {}: {page}", at + 1);
            assert!(page.contains(&format!("tipbrief (November 2026). {country}. Trafficking in persons: ")), "{page}");
            assert!(page.contains("(English)."), "{page}");
        }
    }
}

#[test]
fn no_page_but_the_last_ends_in_white() {
    let Some(pdftoppm) = tool(&["pdftoppm"]) else { return };
    let project = article::series();
    for country in ["LAO", "KHM"] {
        for language in ["en", "fr", "lo"] {
            let path = format!("output/{country}/{language}/brief.pdf");
            let feet = white_feet(&project.path(&path), &pdftoppm);
            assert_eq!(feet.len(), 6, "{path} has six pages");
            let torn = feet[..5].iter().find(|white| **white > 25.0);
            assert!(torn.is_none(), "{path}: white at the feet of its pages, in mm: {feet:?}");
        }
    }
}

/// What Typst reads for a document of a project, copied while a build stages it.
#[cfg(unix)]
fn staged(project: &Project, name: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let taken = project.path("taken");
    let waiting = project.path("typst.sh");
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'typst 0.15.1' && exit\nwhile [ ! -e '{}' ]; do sleep 0.05; done\nexit 1\n",
        taken.display()
    );
    fs::write(&waiting, script).expect("a script");
    fs::set_permissions(&waiting, fs::Permissions::from_mode(0o755)).expect("it can be run");
    let mut build = project.command(&["build"]).env("TYPST", &waiting).spawn().expect("a build");
    let (work, copied) = (project.path("output/.work").join(name), project.path("copied"));
    while build.try_wait().expect("a build").is_none() {
        let view = fs::read(work.join("view.json")).unwrap_or_default();
        if !copied.exists() && serde_json::from_slice::<serde_json::Value>(&view).is_ok() {
            crate::project::copy(&work, &copied);
            fs::write(&taken, "").expect("a sign");
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    copied
}

/// Nothing in the frame depends on where it stands, so the second pass finds what the first has found.
#[cfg(unix)]
#[test]
fn a_brief_is_set_in_two_passes() {
    for country in ["LAO", "KHM"] {
        let project = Project::series_of(country, &["en"]);
        let folder = staged(&project, &format!("{country}-en-brief"));
        // A reader finds every number cited among few sources.
        let view: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join("view.json")).expect("a view")).expect("JSON");
        let sources = view["sources"].as_array().expect("sources").len();
        assert!((12..=20).contains(&sources), "{country} cites {sources} sources");
        let timings = project.path("timings.json");
        let mut typst = Command::new(crate::project::typst());
        typst.args(["compile", "--ignore-system-fonts", "--features", "a11y-extras", "--timings"]).arg(&timings);
        typst.arg("--font-path").arg(folder.join("fonts")).arg("--root").arg(&folder);
        let run = typst.arg(folder.join("brief.typ")).arg(project.path("brief.pdf")).output().expect("Typst runs");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let timings = fs::read_to_string(&timings).expect("timings");
        let passes = (1..9).filter(|pass| timings.contains(&format!("iter ({pass})"))).count();
        assert_eq!(passes, 2, "passes of the brief of {country}");
    }
}

//! The audit of anybody's published tables, as its user sees it.

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::project::Run;

/// Runs the audit over files with these texts; the values are in the column `count`, marked `x` and `<5`.
pub fn audit(files: &[&str], more: &[&str]) -> Run {
    let folder = TempDir::new().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipbrief"));
    command.args(["audit", "--value", "count", "--mark", "x", "--mark", "<5=0..4"]).args(more);
    for (number, text) in files.iter().enumerate() {
        let name = format!("{number}.csv");
        std::fs::write(folder.path().join(&name), text).expect("the file can be written");
        command.arg(name);
    }
    Run::of(command.current_dir(folder.path()))
}

/// The counts of withheld, exact, narrow and undecided values.
pub fn counts(files: &[&str], more: &[&str]) -> [u64; 4] {
    let run = audit(files, &[&["--format", "json"], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON and nothing else");
    ["withheld", "exact", "narrow", "undecided"].map(|key| answer[key].as_u64().expect("a count"))
}

#[test]
fn what_follows_by_subtraction_is_found() {
    let table =
        "year,sex,count\n2020,total,20\n2020,female,12\n2020,male,x\n2021,total,20\n2021,female,x\n2021,male,x\n";
    assert_eq!(counts(&[table], &[]), [3, 1, 0, 0]);
}

#[test]
fn the_bounds_of_a_mark_and_of_the_sums_are_used() {
    let table = "sex,count\ntotal,8\nfemale,<5\nmale,<5\n";
    assert_eq!(counts(&[table], &[]), [2, 2, 0, 0], "8 is 4 and 4");
    let table = "sex,count\ntotal,7\nfemale,<5\nmale,<5\n";
    assert_eq!(counts(&[table], &[]), [2, 0, 0, 0]);
    assert_eq!(counts(&[table], &["--width", "2"]), [2, 0, 2, 0], "3 or 4");
}

#[test]
fn a_combination_without_a_row_is_unknown() {
    let table = "year,sex,count\n2020,total,20\n2020,female,12\n2020,male,x\n2021,unknown,1\n";
    assert_eq!(counts(&[table], &[]), [1, 0, 0, 0], "some may be of unknown sex");
}

#[test]
fn a_column_without_a_margin_separates_tables() {
    let table = "place,sex,count\nA,total,9\nA,female,x\nB,male,9\nB,female,1\nB,total,10\n";
    assert_eq!(counts(&[table], &[]), [1, 0, 0, 0]);
}

#[test]
fn bands_nest() {
    let table = "age_group,count\ntotal,x\n0-17,10\n0-14,6\n15-17,x\n18+,30\n";
    assert_eq!(counts(&[table], &[]), [2, 2, 0, 0]);
    let table = "age_group,count\ntotal,40\n0-17,10\n0-14,x\n18+,30\n";
    assert_eq!(counts(&[table], &[]), [1, 0, 0, 0], "the rest of 0-17 is nowhere named");
}

#[test]
fn files_are_linked_by_what_they_share() {
    let by_age = "sex,age_group,count\nfemale,total,x\nmale,total,8\n";
    let by_place = "sex,province,count\nfemale,P,3\nfemale,Q,4\nfemale,total,x\ntotal,total,15\n";
    assert_eq!(counts(&[by_age, by_place], &[]), [2, 2, 0, 0]);
    assert_eq!(counts(&[by_age], &[]), [1, 0, 0, 0]);
}

#[test]
fn rows_that_contradict_each_other_are_named() {
    let table = "sex,count\ntotal,20\nfemale,12\nmale,<5\n";
    assert_eq!(counts(&[table], &[]), [1, 0, 0, 1], "impossible codes are not reported");
    let run = audit(&[table], &[]);
    assert!(run.stdout.contains("0.csv:2, 0.csv:3, 0.csv:4: cannot all be true"), "{}", run.stdout);
}

#[test]
fn the_exit_code_is_4_only_where_it_is_asked_for() {
    let table = "sex,count\ntotal,20\nfemale,12\nmale,x\n";
    assert_eq!(audit(&[table], &[]).code, 0);
    assert_eq!(audit(&[table], &["--deny"]).code, 4);
    assert_eq!(audit(&["sex,count\ntotal,20\nfemale,x\nmale,x\n"], &["--deny"]).code, 0);
}

#[test]
fn the_answer_is_in_aggregate_unless_places_are_asked_for() {
    let table = "sex,count\ntotal,20\nfemale,12\nmale,x\n";
    assert!(!audit(&[table], &[]).stdout.contains("0.csv"));
    assert!(audit(&[table], &["--places"]).stdout.contains("0.csv:4: exact"));
}

#[test]
fn what_is_neither_a_count_nor_a_mark_is_a_fault() {
    let run = audit(&["sex,count\ntotal,20\nfemale,c\nmale,-1\n"], &[]);
    assert_eq!(run.code, 1);
    for place in ["0.csv:3:8", "0.csv:4:6"] {
        assert!(run.stderr.contains(place), "{place}: {}", run.stderr);
    }
    let run = audit(&["sex,number\ntotal,20\n"], &[]);
    assert!(run.code == 2 && run.stderr.contains("there is no column `count`"), "{}", run.stderr);
    let run = audit(&["sex,count\ntotal,20\n", "sex,number\ntotal,20\n"], &[]);
    assert!(run.code == 1 && run.stderr.contains("1.csv:1:1"), "{}", run.stderr);
    assert_eq!(audit(&["sex,count\ntotal,20\n"], &["--mark", "<5=4..1"]).code, 2, "wrong usage");
}

#[test]
fn decimals_are_exact() {
    let table = "sex,count\ntotal,1.50\nfemale,0.7\nmale,x\n";
    assert_eq!(counts(&[table], &[]), [1, 1, 0, 0]);
    let table = "sex,count\ntotal,0.5\nfemale,x\nmale,x\n";
    assert_eq!(counts(&[table], &[]), [2, 0, 2, 0], "between 0 and a half");
}

#[test]
fn exports_are_read_as_portals_write_them() {
    let table = "\u{feff}Sex,Age,count\nTOTAL,Total,20\nTOTAL,<18,x\nTOTAL,18 and over,12\nfemale,Total,\n";
    assert_eq!(counts(&[table], &[]), [1, 1, 0, 0], "`<18` and `18 and over` are all, an empty cell is no row");
    let run = audit(&["sex,count\ntotal,\"1,234\"\nfemale,x\n"], &[]);
    assert!(run.code == 1 && run.stderr.contains("`1,234` is neither a count nor a mark"), "{}", run.stderr);
}

#[test]
fn a_contradiction_in_one_place_spoils_nothing_elsewhere() {
    let table = "place,sex,age,count\n\
        total,total,total,50\nP,total,total,30\nQ,total,total,20\n\
        P,female,total,12\nP,male,total,9\nP,female,0-17,x\nP,female,18+,7\n\
        Q,female,total,15\nQ,male,total,5\nQ,female,0-17,x\nQ,female,18+,8\n";
    assert_eq!(counts(&[table], &[]), [2, 1, 0, 1], "Q's is worked out; P's stands beside what is in dispute");
    let run = audit(&[table], &[]);
    assert!(run.stdout.contains("0.csv:3, 0.csv:5, 0.csv:6: cannot all be true"), "{}", run.stdout);
    assert!(!run.stdout.contains("0.csv:9"), "{}", run.stdout);
}

#[test]
fn two_files_have_one_table_if_they_agree_on_what_they_share() {
    let by_age = "sex,age_group,count\nfemale,0-17,2\nfemale,18+,x\nfemale,total,x\nmale,total,8\ntotal,total,15\n";
    let by_place = "sex,province,count\nfemale,P,x\nfemale,Q,4\nfemale,total,x\n";
    assert_eq!(counts(&[by_age, by_place], &[]), [4, 4, 0, 0]);
    assert_eq!(counts(&[by_place], &[]), [2, 0, 0, 0], "alone it says nothing of how many women there are");
}

/// A table of a column `form` in which some rows are part of others, so that `40` follows for the reader.
fn with_part(name: &str) -> String {
    format!("form,count\ntotal,100\nLabour,60\n{name},x\n  Farms,20\nOther,x\n")
}

#[test]
fn rows_that_are_part_of_others_in_one_column_are_no_all_clear() {
    for name in ["  Fishing", "of which: fishing", "- Fishing", "Labour: fishing", "including fishing"] {
        let run = audit(&[&with_part(name)], &["--deny"]);
        assert_eq!(run.code, 4, "{name}");
        assert!(run.stderr.contains("is a part or a sum of other rows"), "{}", run.stderr);
    }
    let nested = "form,kind,count\ntotal,total,100\nLabour,total,60\nLabour,of which fishing,x\nLabour,Farms,x\nOther,total,40\n";
    assert_eq!(audit(&[nested], &["--deny", "--nested", "kind<form"]).code, 0);
}

#[test]
fn a_share_beside_a_withheld_value_is_no_all_clear() {
    let table = |share: &str| format!("sex,count,percent\ntotal,20,100\nfemale,x,{share}\nmale,x,\n");
    let denied = audit(&[&table("75")], &["--deny"]);
    assert_eq!(denied.code, 4);
    assert!(denied.stderr.contains("`percent` is printed beside a withheld value"), "{}", denied.stderr);
    for share in ["", "x", "-"] {
        let safe = audit(&[&table(share)], &["--deny"]);
        assert_eq!((safe.code, safe.stderr.as_str()), (0, ""), "{share}");
    }
    assert_eq!(audit(&[&table("75")], &["--deny", "--ignore", "percent"]).code, 0);
}

#[test]
fn a_mark_that_says_its_bounds_is_held_to_them() {
    let table = "sex,count\ntotal,13\nfemale,1-7\nmale,1-7\n";
    assert_eq!(counts(&[table], &["--mark", "1-7", "--width", "2"]), [2, 0, 2, 0], "6 or 7");
    assert!(audit(&[table], &["--mark", "1-7"]).stdout.contains("`1-7` is read as 1 to 7"));
    assert_eq!(counts(&[table], &["--mark", "1-7=0..", "--width", "2"]), [2, 0, 0, 0]);
}

/// As many parts as the base, each of them one less than the base: the table as it is, and as it is printed.
fn parts(base: i64, printed: impl Fn(i64) -> i64) -> String {
    let parts = (0..base).map(|part| format!("P{part},{}\n", printed(base - 1)));
    format!("place,count\ntotal,{}\n", printed(base * (base - 1))) + &parts.collect::<String>()
}

#[test]
fn rounding_each_linked_number_by_itself_tells_them_all_and_additive_rounding_does_not() {
    for base in [3, 5, 10, 15] {
        let down = parts(base, |number| number / base * base);
        let all = u64::try_from(base + 1).expect("a small number");
        assert_eq!(counts(&[&down], &["--base", &format!("down {base}")]), [all, all, 0, 0], "{down}");
        // Rounded together: the same multiples, of which the parts add up to the total. The threshold is below the base.
        let taken = |part: i64| if part == 0 { 0 } else { base };
        let rows: String = (0..base).map(|part| format!("P{part},{}\n", taken(part))).collect();
        let additive = format!("place,count\ntotal,{}\n{rows}", base * (base - 1));
        let threshold = (base - 1).to_string();
        let options = ["--base", &base.to_string(), "--width", &threshold];
        assert_eq!(counts(&[&additive], &options), [all, 0, 0, 0], "{additive}");
        let intervals = additive.lines().skip(1).map(|row| format!("{row}±{}\n", base - 1));
        let intervals = format!("place,count\n{}", intervals.collect::<String>());
        assert_eq!(counts(&[&intervals], &["--width", &threshold]), [all, 0, 0, 0], "{intervals}");
    }
}

#[test]
fn rounding_to_the_nearest_is_narrower_than_the_base_promises() {
    let table = "place,count\ntotal,20\nP,10\nQ,5\n";
    let [withheld, exact, narrow, undecided] = counts(&[table], &["--base", "nearest 5", "--width", "5"]);
    assert_eq!(
        (withheld, exact + narrow, undecided),
        (3, 3, 0),
        "18 is the least total, 12 and 7 are the greatest parts"
    );
    let run = audit(&[table], &["--base", "nearest 5"]);
    assert!(run.stdout.contains("3 values are withheld or rounded\n"), "{}", run.stdout);
    assert!(run.stdout.contains("assumed: every value is rounded to the nearest multiple of 5"), "{}", run.stdout);
}

#[test]
fn what_is_no_multiple_of_the_base_is_a_fault() {
    let run = audit(&["sex,count\ntotal,20\nfemale,12\nmale,5±1\n"], &["--base", "5"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("0.csv:3:8") && run.stderr.contains("`12` is not rounded to a multiple of 5"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("0.csv:4"), "a number with its uncertainty says itself how far off it is");
    assert_eq!(audit(&["sex,count\ntotal,20\n"], &["--base", "about 5"]).code, 2, "wrong usage");
}

//! Exports of portals, long and wide, invented: columns that are no dimension, flags, values in several columns.

use crate::audit::{audit, counts};

/// Runs with these options only; the answer's counts, the exit code under `--deny`, and stderr.
fn export(files: &[&str], options: &[&str]) -> ([u64; 4], i32, String) {
    let run = audit(files, &[&["--deny"], options].concat());
    (counts(files, options), run.code, run.stderr)
}

#[test]
fn a_column_of_notes_separates_nothing() {
    for (label, note, other) in
        [("note", "too few", ""), ("OBS_STATUS", "C", "A"), ("Source", "Police", "Courts"), ("flags", "c", "")]
    {
        let table = format!("sex,count,{label}\ntotal,20,{other}\nfemale,12,{other}\nmale,x,{note}\n");
        assert_eq!(export(&[&table], &[]), ([1, 1, 0, 0], 4, String::new()), "{label}");
        assert!(audit(&[&table], &[]).stdout.contains(&format!("assumed: `{label}` is left out")), "{label}");
    }
    let sentences =
        "sex,count,info\ntotal,20,\nfemale,12,\nmale,x,\"withheld, for it would tell of few persons in that place\"\n";
    assert_eq!(export(&[sentences], &[]).0, [1, 1, 0, 0]);
}

#[test]
fn sources_that_count_differently_stay_apart() {
    let table = "sex,source,count\ntotal,Police,20\nfemale,Police,12\nmale,Police,8\ntotal,Courts,9\nfemale,Courts,x\nmale,Courts,x\n";
    assert_eq!(export(&[table], &[]), ([2, 0, 0, 0], 0, String::new()));
    let units = "sex,unit,count\ntotal,persons,20\nfemale,persons,12\nmale,persons,x\ntotal,rate,2.5\nfemale,rate,1.5\nmale,rate,x\n";
    assert_eq!(export(&[units], &[]), ([2, 2, 0, 0], 4, String::new()), "each unit has its own total");
}

#[test]
fn a_column_that_nobody_knows_is_named_where_it_keeps_values_apart() {
    let table = "sex,office,count\ntotal,north,20\nfemale,north,12\nmale,south,x\n";
    let (found, code, stderr) = export(&[table], &[]);
    assert_eq!((found, code), ([1, 0, 0, 0], 4));
    assert!(stderr.contains("0.csv:4:12") && stderr.contains("the column `office`"), "{stderr}");
    assert_eq!(stderr.matches("warning[").count(), 1, "one finding for one cause: {stderr}");
    assert_eq!(export(&[table], &["--ignore", "office"]), ([1, 1, 0, 0], 4, String::new()));
    let years = "year,sex,count\n2020,total,20\n2020,female,x\n2020,male,x\n2021,total,9\n2021,female,4\n2021,male,5\n";
    assert_eq!(export(&[years], &[]), ([2, 0, 0, 0], 0, String::new()), "years are apart by right");
}

#[test]
fn an_unknown_column_is_wrong_usage() {
    let table = "sex,count\ntotal,20\n";
    for options in [["--ignore", "office"], ["--nested", "office<sex"], ["--value", "office"]] {
        let run = audit(&[table], &options);
        assert_eq!(run.code, 2, "{options:?}");
        assert!(
            run.stderr.contains("there is no column `office`") && run.stderr.contains("sex, count"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(audit(&[table], &["--nested", "sex"]).code, 2);
}

#[test]
fn a_code_and_its_name_are_one_dimension() {
    let table = "SEX,Sex,AGE,Age,count\n_T,Total,_T,All,20\nF,Female,_T,All,12\nM,Male,_T,All,x\n";
    assert_eq!(export(&[table], &[]), ([1, 1, 0, 0], 4, String::new()));
    let french = table.replace("Total", "Les deux").replace("Male", "Hommes");
    assert_eq!(export(&[&french], &[]), ([1, 1, 0, 0], 4, String::new()), "the name of the total need not be known");
    let regions = "region,province,count\n,total,30\nupper,A,10\nupper,B,x\nlower,C,15\n";
    assert_eq!(export(&[regions], &[]).0, [1, 1, 0, 0], "a region that has no total of its own");
}

#[test]
fn an_empty_value_may_be_withheld() {
    let flagged = "sex,OBS_STATUS,count\nT,,20\nF,,12\nM,c,\n";
    assert_eq!(export(&[flagged], &[]), ([1, 1, 0, 0], 4, String::new()));
    assert!(audit(&[flagged], &[]).stdout.contains("an empty value that is flagged as confidential"));
    let empty = "sex,count\nT,20\nF,12\nM,\n";
    assert_eq!(export(&[empty], &[]).0, [0, 0, 0, 0], "an empty cell is no row");
    assert_eq!(export(&[empty], &["--mark", ""]).0, [1, 1, 0, 0]);
}

#[test]
fn statistical_offices_write_flags_into_the_value() {
    let long = "freq,unit,citizen,sex,age,geo,TIME_PERIOD,OBS_FLAG,count\n\
                A,NR,TOTAL,T,TOTAL,LA,2020,,20\nA,NR,TOTAL,F,TOTAL,LA,2020,,12\nA,NR,TOTAL,M,TOTAL,LA,2020,c,:c\n";
    assert_eq!(export(&[long], &["--mark", ":c"]), ([1, 1, 0, 0], 4, String::new()));
    let wide = "sex,geo,count,2020\nT,LA,20,:c\nF,LA,12,3\nM,LA,:c,4\n";
    let run = audit(&[wide], &["--value", "2020", "--mark", ":c", "--places", "--deny"]);
    assert_eq!(run.code, 4);
    for place in ["0.csv:4 (count): exact", "0.csv:2 (2020): exact"] {
        assert!(run.stdout.contains(place), "{}", run.stdout);
    }
}

#[test]
fn columns_of_values_are_a_dimension_where_one_is_the_total() {
    let table = "place,female,male,count\nA,12,x,20\nB,x,x,9\ntotal,x,x,29\n";
    let options = ["--value", "female", "--value", "male", "--margin", "count"];
    assert_eq!(export(&[table], &options), ([5, 1, 0, 0], 4, String::new()), "20 - 12");
    let safe = "place,female,male,count\nA,x,x,20\nB,3,6,9\n";
    assert_eq!(export(&[safe], &options), ([2, 0, 0, 0], 0, String::new()));
    // Without the total two columns are only side by side.
    assert_eq!(export(&[safe], &["--value", "female", "--value", "male"]).1, 4);
}

#[test]
fn values_that_are_not_asked_for_are_named() {
    let table = "place,female,male,count\nA,12,x,20\nB,3,6,9\n";
    let (found, code, stderr) = export(&[table], &[]);
    assert_eq!((found, code), ([0, 0, 0, 0], 4));
    assert!(stderr.contains("the column `male` contains values that were not attacked"), "{stderr}");
    assert_eq!(export(&[table], &["--ignore", "male"]), ([0, 0, 0, 0], 0, String::new()));
    let shares = "sex,count,percent\ntotal,20,100\nfemale,x,x\nmale,x,x\n";
    assert_eq!(export(&[shares], &[]), ([2, 0, 0, 0], 0, String::new()), "shares are no values of their own");
}

#[test]
fn a_wide_and_a_long_table_are_linked() {
    let wide = "place,female,male,total\nA,12,x,20\ntotal,20,x,29\n";
    let long = "place,sex,count\nA,male,x\nA,female,12\nB,male,x\n";
    let options = ["--value", "female", "--value", "male", "--value", "total"];
    // A's men are 20 - 12, all men 29 - 20, B's men 9 - 8.
    assert_eq!(export(&[wide, long], &options).0, [4, 4, 0, 0]);
    assert!(audit(&[wide, long], &options).stdout.contains("are read as codes of `sex`"));
}

#[test]
fn a_file_without_a_column_is_the_total_over_it() {
    let by_sex = "sex,count\ntotal,20\nfemale,9\nmale,11\n";
    let by_both = "sex,citizenship,count\nfemale,LAO,3\nfemale,KHM,x\nmale,LAO,x\nmale,KHM,x\n";
    assert_eq!(export(&[by_sex, by_both], &[]), ([3, 1, 0, 0], 4, String::new()));
    // Years do not add up; the file is not linked, and a warning says so.
    let by_year =
        "year,sex,count\n2020,total,20\n2020,female,x\n2020,male,x\n2021,total,9\n2021,female,4\n2021,male,5\n";
    let (found, code, stderr) = export(&[by_year, by_sex], &[]);
    assert_eq!((found, code), ([2, 0, 0, 0], 0));
    assert!(stderr.contains("`1.csv` has no column `year`"), "{stderr}");
    let one_year = "year,sex,count\n2020,total,20\n2020,female,x\n2020,male,x\n";
    assert_eq!(export(&[one_year, by_sex], &[]).0, [2, 2, 0, 0], "one year is no division");
}

#[test]
fn capitals_make_no_difference() {
    let files = ["Sex,count\nTotal,20\nFemale,x\n", "sex,count\nmale,12\nfemale,x\n"];
    assert_eq!(export(&files, &[]), ([2, 2, 0, 0], 4, String::new()));
}

#[test]
fn codes_that_two_files_do_not_share_divide_the_same_total() {
    let files = ["sex,count\ntotal,20\nF,12\nM,x\n", "sex,count\ntotal,20\nfemale,12\nmale,x\n"];
    assert_eq!(export(&files, &[]), ([2, 2, 0, 0], 4, String::new()));
    // Here the second file's codes fall short of its total: the first file has the others.
    let files = ["citizenship,count\ntotal,20\nLAO,12\nKHM,x\n", "citizenship,count\ntotal,20\nVNM,3\nTHA,2\n"];
    assert_eq!(export(&files, &[]), ([1, 1, 0, 0], 4, String::new()));
}

#[test]
fn longer_codes_that_stand_beside_no_shorter_one_say_nothing() {
    let rows = |zone: &str, country: &str| {
        format!("{zone},{country},total,9\n{zone},{country},female,x\n{zone},{country},male,x\n")
    };
    let table = format!("zone,country,sex,count\n{}{}{}", rows("S1", "LAO"), rows("S10", "KHM"), rows("S11", "VNM"));
    assert_eq!(export(&[&table], &[]), ([6, 0, 0, 0], 0, String::new()));
    assert!(!audit(&[&table], &[]).stdout.contains("assumed"));
}

#[test]
fn each_breakdown_comes_to_the_total() {
    let table = "Dimension,Category,count\nTotal,Total,20\nby form,Labour,12\nby form,Sexual,x\n\
                 by citizenship,National,15\nby citizenship,Foreign,5\n";
    assert_eq!(export(&[table], &[]), ([1, 1, 0, 0], 4, String::new()), "20 - 12");
    assert!(audit(&[table], &[]).stdout.contains("each code of `Dimension` is read as a separate breakdown"));
    let safe = table.replace("Labour,12", "Labour,x");
    assert_eq!(export(&[&safe.replace("Foreign,5", "Foreign,x").replace("National,15", "National,x")], &[]).1, 0);
}

#[test]
fn decimals_nest_and_rounded_numbers_still_do() {
    let decimals = "province,district,count\ntotal,total,9.5\nHill,total,3.5\nHill,Oak,1.25\nHill,Elm,x\nLake,total,6\nLake,Pike,2\nLake,Perch,4\n";
    assert_eq!(export(&[decimals], &[]), ([1, 1, 0, 0], 4, String::new()));
    // 15 and 14 make 30 where numbers are rounded; it is no reason not to see that Elm is 6 - 2.
    let rounded = "province,district,count\ntotal,total,36\nHill,total,30\nHill,Oak,15\nHill,Fir,14\nLake,total,6\nLake,Elm,x\nLake,Pike,2\n";
    let (found, code, stderr) = export(&[rounded], &[]);
    assert_eq!((found, code), ([1, 1, 0, 0], 4));
    assert!(stderr.contains("cannot all be true"), "{stderr}");
}

//! Two machines and two branches that each release, and what the last of them must do.

use super::looked::{closed, late, look, release};
use super::twins::copied;
use super::{CLOSED, ROWS, grow, states, twice};
use tipbrief::delivery::publish::made;

#[test]
fn of_two_machines_that_release_the_same_name_one_is_told_that_its_copies_are_others() {
    let here = twice();
    let there = copied(&here);
    grow(&here, 11, 2021..=2023, "H");
    grow(&there, 12, 2021..=2023, "T");
    release(&here, "three");
    release(&there, "three");
    let of = |number: &str| format!("data/ledger/{number}.json");
    assert_ne!(here.read(&of("three")), there.read(&of("three")));
    there.write(&of("three"), &here.read(&of("three")));
    let seen = look(&there);
    assert!(states(&seen).contains("Unlike"), "{:?}", states(&seen));
    let blocked = made("four", &seen.release, &seen.declared, (&seen.counted, &seen.custody)).expect("it is made");
    assert!(!blocked.blocked().is_empty(), "it cannot release on what another machine told");
    assert_eq!(closed(&seen), closed(&look(&here)));
    assert_eq!(late(&seen), late(&look(&here)), "what the ledger says is printed");
    // With the copies of the other machine, and its rows, it goes on.
    let file = here.path("moved.json").to_string_lossy().into_owned();
    assert_eq!(here.run(&["custody", "export", &file]).code, 0);
    assert_eq!(there.run(&["custody", "import", &file]).code, 3, "what is there is not overwritten");
    std::fs::remove_dir_all(there.path(CLOSED)).expect("something is kept");
    assert_eq!(there.run(&["custody", "import", &file]).code, 0);
    there.write(ROWS, &here.read(ROWS));
    assert!(!states(&look(&there)).contains("Unlike"));
    for machine in [&here, &there] {
        grow(machine, 13, 2021..=2023, "N");
    }
    assert_eq!(late(&look(&here)), late(&look(&there)), "both machines tell the same");
}

#[test]
fn two_branches_that_each_release_are_a_fault_until_one_is_made_again() {
    let here = twice();
    let there = copied(&here);
    grow(&here, 11, 2021..=2023, "H");
    grow(&there, 12, 2021..=2023, "T");
    release(&here, "ours");
    release(&there, "theirs");
    here.write("data/ledger/theirs.json", &there.read("data/ledger/theirs.json"));
    let run = here.run(&["check", "--format", "short"]);
    assert!(run.code == 1 && run.stdout.contains("broken-chain"), "{}", run.stdout);
    std::fs::remove_file(here.path("data/ledger/theirs.json")).expect("it was merged");
    assert!(!here.run(&["check", "--format", "short"]).stdout.contains("broken-chain"));
    let before = late(&look(&here));
    release(&here, "theirs");
    assert_eq!(late(&look(&here)), before, "made again it is the next, and tells what it has to tell");
}

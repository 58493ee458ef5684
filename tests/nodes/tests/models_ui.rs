//! The programs of `tests/ui` and `tests/pass` that use the nodes of flowc-nodes, as `tests/ui.rs` has those of other areas.
//!
//! `FLOWC_UI=models/no` runs only the files whose path begins so; `TRYBUILD=overwrite` blesses.

use flowc_test_peers::ui::wanted;

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    for area in ["data", "models", "prompts"] {
        if let Some(name) = wanted(area) {
            cases.compile_fail(format!("../ui/{area}/{name}*.rs"));
        }
    }
}

#[test]
fn pass() {
    let cases = trybuild::TestCases::new();
    for area in ["data", "prompts"] {
        if let Some(name) = wanted(area) {
            cases.pass(format!("../pass/{area}/{name}*.rs"));
        }
    }
}

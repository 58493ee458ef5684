//! The programs of `tests/ui/models`, `tests/ui/prompts` and `tests/pass/prompts`, as `tests/ui.rs` has those of other areas.
//!
//! `FLOWC_UI=models/no` runs only the files whose path begins so; `TRYBUILD=overwrite` blesses.

use flowc_test_peers::ui::wanted;

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    for area in ["models", "prompts"] {
        if let Some(name) = wanted(area) {
            cases.compile_fail(format!("../ui/{area}/{name}*.rs"));
        }
    }
}

#[test]
fn pass() {
    if let Some(name) = wanted("prompts") {
        trybuild::TestCases::new().pass(format!("../pass/prompts/{name}*.rs"));
    }
}

//! The programs of `tests/ui/models`, as `tests/ui.rs` has those of other areas.
//!
//! `FLOWC_UI=models/no` runs only the files whose path begins so; `TRYBUILD=overwrite` blesses.

use flowc_test_peers::ui::wanted;

#[test]
fn ui() {
    if let Some(name) = wanted("models") {
        trybuild::TestCases::new().compile_fail(format!("../ui/models/{name}*.rs"));
    }
}

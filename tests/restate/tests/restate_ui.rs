//! The programs of `tests/ui/restate`, as `tests/ui.rs` has those of other areas. Those that compile are the tests beside this one.
//!
//! `FLOWC_UI=restate/no` runs only the files whose path begins so; `TRYBUILD=overwrite` blesses.

use flowc_test_peers::ui::wanted;

#[test]
fn ui() {
    if let Some(name) = wanted("restate") {
        trybuild::TestCases::new().compile_fail(format!("../ui/restate/{name}*.rs"));
    }
}

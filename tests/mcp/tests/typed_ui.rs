//! The programs of `tests/ui/mcp` and `tests/pass/mcp`, as `tests/ui.rs` and `tests/pass.rs` have those of other areas.
//!
//! `FLOWC_UI=mcp/wrong` runs only the files whose path begins so; `TRYBUILD=overwrite` blesses.

use flowc_test_peers::ui::wanted;

#[test]
fn ui() {
    if let Some(name) = wanted("mcp") {
        trybuild::TestCases::new().compile_fail(format!("../ui/mcp/{name}*.rs"));
    }
}

#[test]
fn pass() {
    if let Some(name) = wanted("mcp") {
        trybuild::TestCases::new().pass(format!("../pass/mcp/{name}*.rs"));
    }
}

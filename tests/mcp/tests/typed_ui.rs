//! The programs of `tests/ui/mcp` and `tests/pass/mcp`, as `tests/ui.rs` and `tests/pass.rs` have those of other areas.
//!
//! `FLOWC_UI=mcp/wrong` runs only the files whose path begins so; `TRYBUILD=overwrite` blesses.

/// The beginning of the names of the files to compile, if the filter is for this area.
fn filter() -> Option<String> {
    let filter = std::env::var("FLOWC_UI").unwrap_or_default();
    let (area, name) = filter.split_once('/').unwrap_or((&filter, ""));
    "mcp".starts_with(area).then(|| name.to_owned())
}

#[test]
fn ui() {
    if let Some(name) = filter() {
        trybuild::TestCases::new().compile_fail(format!("../ui/mcp/{name}*.rs"));
    }
}

#[test]
fn pass() {
    if let Some(name) = filter() {
        trybuild::TestCases::new().pass(format!("../pass/mcp/{name}*.rs"));
    }
}

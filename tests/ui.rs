//! One mistake, one error: each file in `ui/<area>/` is compiled and what the compiler says compared with the `.stderr` beside it.
//!
//! `FLOWC_UI=node` or `FLOWC_UI=node/self` runs only the files whose path in `ui/` begins so; `TRYBUILD=overwrite` blesses.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    let filter = std::env::var("FLOWC_UI").unwrap_or_default();
    match filter.split_once('/') {
        Some((area, name)) => cases.compile_fail(format!("ui/{area}/{name}*.rs")),
        None => cases.compile_fail(format!("ui/{filter}*/*.rs")),
    }
}

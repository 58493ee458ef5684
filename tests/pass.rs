//! What must compile, without a warning: each file in `pass/<area>/` has `#![deny(warnings)]`, is compiled and run.
//!
//! `FLOWC_UI` filters as it does for the files in `ui/`.

#[test]
fn pass() {
    let cases = trybuild::TestCases::new();
    let filter = std::env::var("FLOWC_UI").unwrap_or_default();
    match filter.split_once('/') {
        Some((area, name)) => cases.pass(format!("pass/{area}/{name}*.rs")),
        None => cases.pass(format!("pass/{filter}*/*.rs")),
    }
}

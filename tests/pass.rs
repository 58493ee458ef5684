//! What must compile, without a warning: each file in `pass/<area>/` has `#![deny(warnings)]`, is compiled and run.
//!
//! `FLOWC_UI` filters as it does for the files in `ui/`.
//! What speaks MCP or asks models needs a newer Rust, and is compiled by the tests of those crates.

use std::fs;

#[test]
fn pass() {
    let cases = trybuild::TestCases::new();
    let filter = std::env::var("FLOWC_UI").unwrap_or_default();
    let (area, name) = filter.split_once('/').unwrap_or((&filter, ""));
    let folders = fs::read_dir("pass").expect("the folder of programs").flatten().filter(|entry| entry.path().is_dir());
    let mut areas: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    areas.sort();
    areas.retain(|folder| {
        !["data", "mcp", "prompts"].contains(&&**folder)
            && if filter.contains('/') { folder == area } else { folder.starts_with(area) }
    });
    for area in areas {
        cases.pass(format!("pass/{area}/{name}*.rs"));
    }
}

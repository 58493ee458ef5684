//! One mistake, one error: each file in `ui/<area>/` is compiled and what the compiler says compared with the `.stderr` beside it.
//!
//! `FLOWC_UI=node` or `FLOWC_UI=node/self` runs only the files whose path in `ui/` begins so; `TRYBUILD=overwrite` blesses.
//! What speaks MCP or asks models needs a newer Rust, and is compiled by the tests of those crates.

use std::fs;

/// The folders of other crates.
const ELSEWHERE: [&str; 5] = ["data", "mcp", "models", "prompts", "restate"];

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    let filter = std::env::var("FLOWC_UI").unwrap_or_default();
    let (area, name) = filter.split_once('/').unwrap_or((&filter, ""));
    let folders = fs::read_dir("ui").expect("the folder of programs").flatten().filter(|entry| entry.path().is_dir());
    let mut areas: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    areas.sort();
    areas.retain(|folder| {
        !ELSEWHERE.contains(&&**folder) && if filter.contains('/') { folder == area } else { folder.starts_with(area) }
    });
    for area in areas {
        cases.compile_fail(format!("ui/{area}/{name}*.rs"));
    }
}

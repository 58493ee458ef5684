//! The README of the repository quotes the answer to its first command.
//!
//! To quote anew: `ASK_README=write cargo test -p ask readme`

use crate::support;

use std::fs;

const COMMAND: &str = "$ cargo run -p ask -- \"How do I bound a map?\"\n";

#[test]
fn the_readme_quotes_the_answer() {
    let said =
        support::run(support::ask().args(["--quiet", "How do I bound a map?"]).current_dir(support::repository()));
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stdout.contains("#[max(8)]"), "{}", said.stdout);
    let path = support::repository().join("README.md");
    let readme = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = readme.split_once(COMMAND).unwrap_or_else(|| panic!("the README does not show the command"));
    let (_, after) = rest.split_once("```\n").unwrap_or_else(|| panic!("the quote does not end"));
    let wanted = format!("{before}{COMMAND}{}\n```\n{after}", said.stdout.trim_end());
    if std::env::var_os("ASK_README").is_some_and(|value| value == "write") {
        fs::write(&path, &wanted).unwrap();
    } else {
        assert!(readme == wanted, "the answer has changed; quote it anew as the head of this file says");
    }
}

//! The example over a server in Python does what its README says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flowc_draw_tests::tools;
use flowc_mcp_tests::install;

#[test]
fn the_example_says_which_beds_are_dry() {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let python = install::old_sdk(scratch).join("python3");
    let mut example = Command::new(env!("CARGO"));
    example.args(["run", "--quiet", "--package", "tools"]).env("PYTHON", python);
    let outcome = tools::run(&mut example, scratch, Duration::from_secs(400));
    let readme = include_str!("../../../examples/tools/README.md");
    let (_, shown) = readme.split_once("cargo run -p tools\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    assert_eq!((outcome.stdout.as_str(), outcome.ok), (shown, true), "{}", outcome.stderr);
}

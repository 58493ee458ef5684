//! What the macros show editors is Rust that compiles. No usual build looks at it, so here rustc is told to take it in place of the
//! real expansion, for every test and example that is known to compile. It is checked only: what is written for editors never runs.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flowc_ide_tests::{Fixture, Result};

/// Lints are for the real expansion.
const VIEW: &str = "--cfg rust_analyzer --cap-lints allow";

const ANSWER: [(&str, &str); 3] = [
    ("src/lib.rs", include_str!("../fixtures/answer/lib.rs")),
    ("src/nodes.rs", include_str!("../fixtures/answer/nodes.rs")),
    ("src/flow.rs", include_str!("../fixtures/answer/flow.rs")),
];

#[test]
#[ignore = "compiles the workspace anew; `cargo xtask ide` runs it"]
fn tests_and_examples_compile_as_editors_see_them() -> Result<()> {
    let packages = ["flowc-engine", "flowc-tests", "ask"];
    let packages = packages.iter().flat_map(|package| ["--package", package]);
    check(&root(), packages.chain(["--all-targets", "--all-features"]), VIEW)?;

    let mut dependencies = Fixture::flowc();
    dependencies.push_str("\ntokio = { version = \"1\", features = [\"full\", \"test-util\"] }\n");
    let found = pass_files(&root().join("tests/pass"))?;
    assert!(!found.is_empty(), "the pass tests are not where they were");
    for (number, file) in found.iter().enumerate() {
        write!(dependencies, "\n[[test]]\nname = \"pass{number}\"\npath = {file:?}\n")?;
    }
    let fixture = Fixture::write(&scratch(), "pass", &dependencies, &[("src/lib.rs", "")])?;
    check(&fixture.root, ["--tests"], VIEW)
}

#[test]
#[ignore = "compiles a crate; `cargo xtask ide` runs it"]
fn the_fixture_of_the_editors_compiles() -> Result<()> {
    let fixture = Fixture::write(&scratch(), "compiled", &Fixture::flowc(), &ANSWER)?;
    check(&fixture.root, [], "")?;
    check(&fixture.root, [], VIEW)
}

/// What is there for editors only is there with the one setting and not with the other.
#[test]
#[ignore = "compiles a crate; `cargo xtask ide` runs it"]
fn the_view_is_what_is_compiled() -> Result<()> {
    let source = "#[flowc::node]\npub fn one() -> u8 { 1 }\npub fn output() -> u8 { <one>::__flowc_output() }\n";
    let fixture = Fixture::write(&scratch(), "parted", &Fixture::flowc(), &[("src/lib.rs", source)])?;
    check(&fixture.root, [], VIEW)?;
    let error = check(&fixture.root, [], "").err().ok_or("rustc sees what editors see")?.to_string();
    assert!(error.contains("__flowc_output"), "another error: {error}");
    Ok(())
}

fn check<'a>(root: &Path, arguments: impl IntoIterator<Item = &'a str>, flags: &str) -> Result<()> {
    let target = scratch().join(if flags.is_empty() { "real" } else { "view" });
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root).arg("check").args(arguments).env("CARGO_TARGET_DIR", target);
    command.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", flags);
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("in {}: {}", root.display(), String::from_utf8_lossy(&output.stderr)).into())
}

/// `pass/<area>/<name>.rs`, in order.
fn pass_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for area in fs::read_dir(folder)? {
        for file in fs::read_dir(area?.path())? {
            let file = file?.path();
            if file.extension().is_some_and(|extension| extension == "rs") {
                files.push(file);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn scratch() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

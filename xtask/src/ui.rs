//! `cargo xtask ui`: the compile errors that users meet.

use crate::help::unexpected;
use crate::shell::{cargo, read, run};
use crate::tidy::{self, tree::Tree};
use crate::workspace::Workspace;
use crate::{Result, need};

pub(crate) const HELP: &str = "\
Check the compile errors, or bless them after a change

Usage: cargo xtask ui [--bless] [filter]

Compiles each program in tests/ui and compares what rustc says with its .stderr file. The filter is a
part of a path: `cargo xtask ui moved` runs the files with `moved` in their name or folder.

  --bless   write what rustc says into the .stderr files and show what changed. Read the diff as a user
            would: one mistake, one error, at the token that is wrong. The house rule is then checked,
            so a file that now holds two errors is found at once.
";

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    let (mut bless, mut filter) = (false, None);
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("bless") => bless = true,
            lexopt::Arg::Value(part) if filter.is_none() => filter = Some(part.to_string_lossy().into_owned()),
            other => return unexpected(&other, "ui"),
        }
    }
    let workspace = Workspace::load()?;
    need::rust_src()?;
    let compared = compile(&workspace, bless, filter.as_deref());
    if bless {
        show_changes(&workspace)?;
    }
    compared.map_err(|error| format!("{error}; if the new text is better, `cargo xtask ui --bless` accepts it"))?;
    tidy::report(&tidy::ui::check(&Tree::load(&workspace.root)?))
}

/// Whether a test compiles the program at a path.
type Compiles = fn(&str) -> bool;

/// The tests that compile the programs, and which of them they compile.
const TESTS: &[(&str, &str, Compiles)] = &[
    ("flowc-tests", "ui", |path| !["mcp", "models", "prompts", "restate"].iter().any(|area| is_in(path, area))),
    ("flowc-mcp-tests", "typed_ui", |path| is_in(path, "mcp")),
    ("flowc-nodes-tests", "models_ui", |path| is_in(path, "models") || is_in(path, "prompts")),
    ("flowc-test-restate", "restate_ui", |path| is_in(path, "restate")),
];

fn is_in(path: &str, area: &str) -> bool {
    path.strip_prefix("tests/ui/").and_then(|path| path.strip_prefix(area)).is_some_and(|path| path.starts_with('/'))
}

fn compile(workspace: &Workspace, bless: bool, filter: Option<&str>) -> Result<()> {
    let tree = Tree::load(&workspace.root)?;
    let programs = || tree.paths().filter(|path| path.starts_with("tests/ui/") && path.ends_with(".rs"));
    let wanted = |path: &str| filter.is_none_or(|part| path.contains(part));
    let mut compared = Ok(());
    for (package, test, compiles) in TESTS {
        if !programs().any(|path| compiles(path) && wanted(path)) {
            continue;
        }
        let mut command = cargo();
        command.args(["test", "--package", package, "--test", test]).current_dir(&workspace.root);
        // The first word selects the test function, the second the files that it compiles.
        command.args(["--", "ui"]);
        if let Some(part) = filter {
            command.arg(format!("trybuild={part}"));
        }
        if bless {
            command.env("TRYBUILD", "overwrite");
        }
        compared = compared.and(run(&mut command));
    }
    compared
}

/// What blessing changed: git's own summary, and the files that git does not know yet.
fn show_changes(workspace: &Workspace) -> Result<()> {
    let git = |arguments: &[&str]| {
        read(std::process::Command::new("git").args(arguments).args(["--", "tests/ui"]).current_dir(&workspace.root))
    };
    let changed = git(&["diff", "--stat"])?;
    let new = git(&["ls-files", "--others", "--exclude-standard"])?;
    if changed.is_empty() && new.is_empty() {
        println!("blessing changed nothing");
        return Ok(());
    }
    print!("{changed}");
    for path in new.lines() {
        println!(" {path} | new");
    }
    Ok(())
}

//! `cargo xtask fmt`: every Rust file of the tree, also those that no crate includes.

use std::process::Command;

use crate::help::unexpected;
use crate::shell::{capture, cargo, run};
use crate::tidy::tree::Tree;
use crate::workspace::Workspace;
use crate::{Result, need};

pub(crate) const HELP: &str = "\
Format the workspace, UI and pass files included

Usage: cargo xtask fmt [--check]

`cargo fmt` only sees files that belong to a crate. The programs under tests/ui and tests/pass belong to
none, so they are formatted here as well, with the same rustfmt.toml. Formatting a UI file moves its
lines: bless its .stderr afterwards (`cargo xtask ui --bless`).

  --check   change nothing, and fail if something would change
";

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    let mut mode = Mode::Write;
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("check") => mode = Mode::Check,
            other => return unexpected(&other, "fmt"),
        }
    }
    format(mode)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    Check,
}

pub(crate) fn format(mode: Mode) -> Result<()> {
    need::component("fmt", "rustfmt")?;
    let workspace = Workspace::load()?;
    let tree = Tree::load(&workspace.root)?;
    let mut command = cargo();
    command.args(["fmt", "--all"]).current_dir(&workspace.root);
    if mode == Mode::Check {
        command.arg("--check");
    }
    run(&mut command).map_err(|error| match mode {
        Mode::Check => format!("{error}; if it showed differences, `cargo xtask fmt` puts them right"),
        Mode::Write => error.to_string(),
    })?;
    let loose: Vec<_> = tree.paths().filter(|path| is_loose(path)).collect();
    if loose.is_empty() {
        return Ok(());
    }
    format_loose(&workspace, &loose, mode)
}

/// A Rust file that `cargo fmt` does not reach.
fn is_loose(path: &str) -> bool {
    path.ends_with(".rs") && (path.starts_with("tests/ui/") || path.starts_with("tests/pass/"))
}

fn format_loose(workspace: &Workspace, paths: &[&str], mode: Mode) -> Result<()> {
    let mut command = Command::new("rustfmt");
    command.args(["--edition", "2024", "-l"]).args(paths).current_dir(&workspace.root);
    if mode == Mode::Check {
        command.arg("--check");
    }
    let outcome = capture(&mut command)?;
    let root = workspace.root.to_string_lossy();
    for path in outcome.stdout.lines().map(|path| path.trim_start_matches(root.as_ref()).trim_start_matches('/')) {
        println!("{}: {path}", if mode == Mode::Check { "not formatted" } else { "formatted" });
    }
    if mode == Mode::Check && !outcome.stdout.trim().is_empty() {
        return Err(
            "some UI or pass files are not formatted; run `cargo xtask fmt`, then `cargo xtask ui --bless`".into()
        );
    }
    // A UI file may hold a syntax error on purpose, which rustfmt reports and then leaves alone. A pass file may not.
    let broken = outcome.stderr.lines().find(|line| line.contains("tests/pass/"));
    match broken {
        Some(line) => Err(format!("rustfmt could not read a pass file: {}", line.trim()).into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_without_a_crate_are_loose() {
        assert!(is_loose("tests/ui/edges/wrong_type.rs") && is_loose("tests/pass/step/plain.rs"));
        assert!(!is_loose("tests/ui/edges/wrong_type.stderr") && !is_loose("tests/run/order.rs"));
    }
}

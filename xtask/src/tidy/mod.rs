//! `cargo xtask tidy`: the rules of the house that neither rustc nor clippy can check.
//!
//! Each check is a pure function from the [`House`] to the problems it found, headed by the bad input it catches.

mod floors;
mod length;
mod licences;
mod links;
mod machine;
mod manifests;
mod panics;
mod spans;
mod spdx;
mod tokens;
pub(crate) mod tree;
pub(crate) mod ui;

use crate::Result;
use crate::help::unexpected;
use crate::workspace::Workspace;
use tree::Tree;

pub(crate) const HELP: &str = "\
Check the rules of the house

Usage: cargo xtask tidy

  ui         one mistake, one error: each tests/ui/**/*.stderr holds one `error` block (two or more if its
             name ends in `_many`), each program has its .stderr and at most 40 lines
  floors     a crate depends only on floors below it; flowc-macros knows nothing of tokio
  spans      in the macros, only src/span.rs makes spans
  panics     what ships does not unwrap, expect, panic or leave a todo
  length     source files stay short: a warning over 400 lines, an error over 600
  machine    no path of somebody's machine and no registry host in a tracked file
  licences   every dependency's licence is on deny.toml's list, its source is the crate registry
  links      every relative link in a Markdown file leads somewhere
  manifests  every package's manifest is complete

A finding is printed as `file:line: what is wrong; what to do`. The same checks run as a test of this package.
";

/// All that the checks look at.
pub(crate) struct House {
    pub(crate) tree: Tree,
    pub(crate) workspace: Workspace,
}

/// One finding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) weight: Weight,
    /// `file`, `file:line` or the name of a package.
    pub(crate) place: String,
    pub(crate) text: String,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Weight {
    Warning,
    Error,
}

impl Problem {
    fn error(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { weight: Weight::Error, place: place.into(), text: text.into() }
    }

    fn warning(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, place: place.into(), text: text.into() }
    }
}

type Check = fn(&House) -> Vec<Problem>;

const CHECKS: &[(&str, Check)] = &[
    ("ui", |house| ui::check(&house.tree)),
    ("floors", floors::check),
    ("spans", |house| spans::check(&house.tree)),
    ("panics", panics::check),
    ("length", length::check),
    ("machine", machine::check),
    ("licences", licences::check),
    ("links", |house| links::check(&house.tree)),
    ("manifests", manifests::check),
];

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    if let Some(argument) = parser.next()? {
        return unexpected(&argument, "tidy");
    }
    run()
}

/// Checks the workspace of the current folder and prints what is wrong.
pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    let tree = Tree::load(&workspace.root)?;
    let house = House { tree, workspace };
    let mut problems = Vec::new();
    for (name, check) in CHECKS {
        let found = check(&house);
        println!("{name:<10} {}", if found.is_empty() { "ok".to_string() } else { format!("{} found", found.len()) });
        problems.extend(found);
    }
    report(&problems)
}

/// Prints the findings; an error among them is an error.
pub(crate) fn report(problems: &[Problem]) -> Result<()> {
    for problem in problems {
        let weight = if problem.weight == Weight::Error { "error" } else { "warning" };
        println!("{weight}: {}: {}", problem.place, problem.text);
    }
    let errors = problems.iter().filter(|problem| problem.weight == Weight::Error).count();
    if errors == 0 { Ok(()) } else { Err(format!("tidy found {errors} to put right; each is on a line above").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        run().unwrap();
    }

    #[test]
    fn the_help_explains_every_check() {
        for (name, _) in CHECKS {
            assert!(HELP.contains(&format!("\n  {name} ")), "{name}");
        }
    }

    #[test]
    fn a_warning_alone_does_not_fail() {
        assert!(report(&[Problem::warning("a", "long")]).is_ok());
        assert!(report(&[Problem::warning("a", "long"), Problem::error("b", "wrong")]).is_err());
    }
}

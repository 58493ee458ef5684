//! `cargo xtask test`: everything that must hold before a change lands.

mod counts;
mod report;
mod stages;

use std::time::Instant;

use crate::Result;
use crate::help::unexpected;
use report::{Line, Outcome};
use stages::{STAGES, Stage, Tier};

pub(crate) const HELP: &str = "\
Run every check and every test

Usage: cargo xtask test [--quick] [--only <stage>]

Runs the stages below one after the other, stops at the first that fails, and ends with a table of times
and the line `N passed, N failed` (tests, and one for each check). CI runs exactly this. What is missing
on the machine (rustfmt, clippy, rust-src, cargo-nextest) is installed first.

  fmt          every Rust file is formatted, UI and pass files included
  tidy         the rules of the house (`cargo xtask tidy --help`)
  clippy       no warning with all features on
  clippy-none  no warning with all features off
  nextest      unit, run, property, UI and pass tests
  shuttle      the locks, in thousands of schedules (`cargo xtask shuttle --help`)
  fuzz         bytes that nobody would write, for what reads them (`cargo xtask fuzz --help`)
  doctest      the examples in the documentation
  doc          the documentation builds without a warning
  msrv         what ships compiles with the oldest Rust it promises
  example      the README's first command gives an answer

  --quick         fmt, tidy, clippy and the tests that are fast: no UI and pass tests
  --only <stage>  just this one
";

/// Which stages a run has.
enum Choice {
    Full,
    Quick,
    Only(String),
}

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    let mut choice = Choice::Full;
    while let Some(argument) = parser.next()? {
        choice = match argument {
            lexopt::Arg::Long("quick") => Choice::Quick,
            lexopt::Arg::Long("only") => Choice::Only(parser.value()?.to_string_lossy().into_owned()),
            other => return unexpected(&other, "test"),
        };
    }
    run(&choice)
}

fn run(choice: &Choice) -> Result<()> {
    let mut lines = Vec::new();
    for stage in chosen(choice)? {
        println!("\n=== {}: {}", stage.name, stage.what);
        let start = Instant::now();
        let result = (stage.run)(tier(choice));
        let took = start.elapsed();
        let (outcome, failure) = match result {
            Ok(counts) => (Outcome::Passed(counts), None),
            Err(failure) => (Outcome::Failed(failure.counts), Some(failure.text)),
        };
        println!("--- {}: {} in {:.1} s", stage.name, outcome.word(), took.as_secs_f64());
        lines.push(Line { name: stage.name, took, outcome });
        if let Some(text) = failure {
            println!("\n{}", report::table(&lines));
            let how = "`cargo xtask test --only";
            return Err(
                format!("stage {} failed: {text}; run just this stage with {how} {}`", stage.name, stage.name).into()
            );
        }
    }
    println!("\n{}", report::table(&lines));
    Ok(())
}

fn tier(choice: &Choice) -> Tier {
    if matches!(choice, Choice::Quick) { Tier::Quick } else { Tier::Full }
}

fn chosen(choice: &Choice) -> Result<Vec<&'static Stage>> {
    let name = match choice {
        Choice::Full => return Ok(STAGES.iter().collect()),
        Choice::Quick => return Ok(STAGES.iter().filter(|stage| stage.tier == Tier::Quick).collect()),
        Choice::Only(name) => name,
    };
    let names = || STAGES.iter().map(|stage| stage.name).collect::<Vec<_>>().join(", ");
    let stage = STAGES.iter().find(|stage| stage.name == name);
    Ok(vec![stage.ok_or_else(|| format!("no stage is called `{name}` (there are: {})", names()))?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(choice: &Choice) -> Vec<&'static str> {
        chosen(choice).unwrap().iter().map(|stage| stage.name).collect()
    }

    #[test]
    fn each_choice_has_its_stages() {
        assert_eq!(names(&Choice::Quick), ["fmt", "tidy", "clippy", "nextest"]);
        assert_eq!(names(&Choice::Only("doc".to_string())), ["doc"]);
        assert!(chosen(&Choice::Only("dok".to_string())).err().unwrap().to_string().contains("doctest"));
    }

    #[test]
    fn the_help_explains_every_stage_in_order() {
        let mut rest = HELP;
        for name in names(&Choice::Full) {
            let at = rest.find(&format!("\n  {name} ")).unwrap_or_else(|| panic!("{name} is not explained"));
            rest = &rest[at..];
        }
    }
}

//! The stages of a test run: what each one starts, and what it counts.

use std::process::Command;
use std::time::Duration;

use super::counts::{self, Counts};
use crate::fmt::{self, Mode};
use crate::shell::{cargo, line, tee};
use crate::workspace::Workspace;
use crate::{fuzz, msrv, need, shuttle, tidy};

/// No stage takes longer on two cores, a cold build included; one that does hangs.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// The tests that compile whole programs, which take minutes: `ui` and `pass` of flowc-tests, and the template.
const SLOW: &str = "kind(test) & (test(/^(ui|pass)($|::)/) | binary(template))";

/// So many seconds for each fuzz target.
const FUZZED: u32 = 20;

/// The README's first command, and the word that its answer cannot do without.
const QUESTION: &str = "How do I bound a map?";
const WORD: &str = "max";

/// The stages of the quick tier are in the full one as well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tier {
    Quick,
    Full,
}

pub(super) struct Stage {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) tier: Tier,
    pub(super) run: fn(Tier) -> Result<Counts, Failure>,
}

/// A stage that failed: why, and what it counted until then.
pub(super) struct Failure {
    pub(super) text: String,
    pub(super) counts: Counts,
}

impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { text: error.into().to_string(), counts: Counts::FAILED_CHECK }
    }
}

/// From the fast to the slow, so that a run that fails does so early.
pub(super) const STAGES: &[Stage] = &[
    Stage {
        name: "fmt",
        what: "every Rust file is formatted",
        tier: Tier::Quick,
        run: |_| check(fmt::format(Mode::Check)),
    },
    Stage { name: "tidy", what: "the rules of the house", tier: Tier::Quick, run: |_| check(tidy::run()) },
    Stage {
        name: "clippy",
        what: "no warning with all features",
        tier: Tier::Quick,
        run: |_| clippy(&["--workspace", "--all-features"]),
    },
    Stage { name: "clippy-none", what: "no warning without features", tier: Tier::Full, run: |_| bare_clippy() },
    Stage { name: "nextest", what: "the tests", tier: Tier::Quick, run: nextest },
    Stage { name: "shuttle", what: "the locks, in thousands of schedules", tier: Tier::Full, run: |_| schedules() },
    Stage { name: "fuzz", what: "bytes that nobody would write", tier: Tier::Full, run: |_| check(fuzz::fuzz(FUZZED)) },
    Stage { name: "doctest", what: "the examples in the documentation", tier: Tier::Full, run: |_| doctest() },
    Stage { name: "doc", what: "the documentation builds", tier: Tier::Full, run: |_| doc() },
    Stage { name: "msrv", what: "the oldest Rust that is promised", tier: Tier::Full, run: |_| check(msrv::check()) },
    Stage { name: "example", what: "the README's first command", tier: Tier::Full, run: |_| example() },
];

/// A check without tests of its own counts as one.
fn check(result: crate::Result<()>) -> Result<Counts, Failure> {
    result?;
    Ok(Counts::PASSED_CHECK)
}

/// Runs a command that is a check in itself.
fn check_command(command: &mut Command) -> Result<Counts, Failure> {
    let outcome = tee(command, LIMIT)?;
    if outcome.status.success() {
        return Ok(Counts::PASSED_CHECK);
    }
    Err(format!("`{}` failed", line(command)).into())
}

fn clippy(scope: &[&str]) -> Result<Counts, Failure> {
    need::component("clippy", "clippy")?;
    check_command(cargo().arg("clippy").args(scope).args(["--all-targets", "--", "-D", "warnings"]))
}

/// Without features only the packages that have some to turn off are worth another look.
fn bare_clippy() -> Result<Counts, Failure> {
    let workspace = Workspace::load()?;
    let featured = workspace.members().filter(|package| package.has_features);
    let mut scope = vec!["--no-default-features"];
    scope.extend(featured.flat_map(|package| ["--package", package.name.as_str()]));
    clippy(&scope)
}

fn doc() -> Result<Counts, Failure> {
    let arguments = ["doc", "--no-deps", "--workspace", "--all-features"];
    check_command(cargo().args(arguments).env("RUSTDOCFLAGS", "-D warnings"))
}

fn nextest(tier: Tier) -> Result<Counts, Failure> {
    need::subcommand("nextest")?;
    let mut command = cargo();
    command.args(["nextest", "run", "--workspace", "--all-features"]);
    match tier {
        Tier::Quick => {
            command.args(["-E", &format!("not ({SLOW})")]);
        }
        // The errors that the UI tests compare quote the standard library's sources.
        Tier::Full => need::rust_src()?,
    }
    counted(&mut command, |outcome| counts::of_nextest(&outcome.stderr))
}

fn schedules() -> Result<Counts, Failure> {
    counted(&mut shuttle::command()?, |outcome| counts::of_nextest(&outcome.stderr))
}

fn doctest() -> Result<Counts, Failure> {
    let mut command = cargo();
    command.args(["test", "--doc", "--workspace", "--all-features"]);
    counted(&mut command, |outcome| Some(counts::of_libtest(&outcome.stdout)))
}

/// Runs a command that counts tests. One that fails before it has counted any, in the build say, is one failure.
fn counted(command: &mut Command, count: fn(&crate::shell::Outcome) -> Option<Counts>) -> Result<Counts, Failure> {
    let outcome = tee(command, LIMIT)?;
    let counts = count(&outcome);
    match (outcome.status.success(), counts) {
        (true, Some(counts)) => Ok(counts),
        (true, None) => Err(format!("`{}` gave no summary to count", line(command)).into()),
        (false, counts) => {
            let counts = counts.filter(|counts| counts.failed > 0).unwrap_or(Counts::FAILED_CHECK);
            Err(Failure { text: format!("`{}` failed", line(command)), counts })
        }
    }
}

/// Asks the question that the README asks, the way a newcomer does: no key, no server, no settings.
fn example() -> Result<Counts, Failure> {
    let mut build = cargo();
    check_command(build.args(["build", "--package", "ask"]))?;
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "ask", "--", QUESTION]);
    for (name, _) in std::env::vars_os() {
        // A model in the developer's own environment would make this a test of that model.
        if ["ASK_", "FLOWC_", "OPENAI_"].iter().any(|family| name.to_string_lossy().starts_with(family)) {
            command.env_remove(name);
        }
    }
    let outcome = tee(&mut command, Duration::from_secs(120))?;
    if !outcome.status.success() {
        return Err(format!("`{}` failed ({})", line(&command), outcome.status).into());
    }
    if !outcome.stdout.to_lowercase().contains(WORD) {
        return Err(format!("`{}` gave an answer that does not mention `{WORD}`", line(&command)).into());
    }
    Ok(Counts::PASSED_CHECK)
}

//! `cargo xtask shuttle`: the hand-made synchronisation under thousands of schedules.

use std::process::Command;

use crate::help::unexpected;
use crate::shell::{cargo, run};
use crate::workspace::Workspace;
use crate::{Result, need};

pub(crate) const HELP: &str = "\
Try out the orders in which threads can meet

Usage: cargo xtask shuttle

Builds `flowc-engine` with the locks and atomics of shuttle in the place of the standard library's
(`--cfg flowc_shuttle`, in target/shuttle) and runs the tests in flowc/src/tests/schedules. Each is played in
thousands of schedules; one that fails prints the schedule that leads there.
";

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    if let Some(argument) = parser.next()? {
        return unexpected(&argument, "shuttle");
    }
    run(&mut command()?)
}

/// The command that runs the tests.
pub(crate) fn command() -> Result<Command> {
    need::subcommand("nextest")?;
    let target = Workspace::load()?.target.join("shuttle");
    let mut command = cargo();
    command.args(["nextest", "run", "--package", "flowc-engine", "--lib", "schedules"]);
    command.env("CARGO_TARGET_DIR", target).env("RUSTFLAGS", "--cfg flowc_shuttle");
    Ok(command)
}

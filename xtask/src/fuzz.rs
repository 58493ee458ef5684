//! `cargo xtask fuzz`: bytes that nobody would write, for the parts that read what strangers send.

use std::fs;
use std::process::Command;

use crate::Result;
use crate::help::unexpected;
use crate::shell::{cargo, run};
use crate::workspace::Workspace;

pub(crate) const HELP: &str = "\
Feed the readers of foreign bytes with what a fuzzer makes up

Usage: cargo xtask fuzz [--seconds <n>]

Builds the targets in flowc-mcp/fuzz with libFuzzer, in target/fuzz, and runs each of them for 60 seconds: the
frames of MCP servers, and the file of servers. What was tried is kept there, so that the next run goes on. A
target that fails prints the file with the bytes that it failed with. For cargo-fuzz they are in its usual
layout: with a nightly compiler `cargo fuzz run frames` in flowc-mcp adds the address sanitizer.
";

const TARGETS: [&str; 2] = ["frames", "servers_file"];

/// No message that is worth trying is longer.
const LONGEST: usize = 4096;

/// What libFuzzer needs to see which way the code went. All of it is known to a stable compiler.
const FLAGS: [&str; 6] = [
    "--cfg fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    let mut seconds = 60;
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("seconds") => seconds = parser.value()?.to_string_lossy().parse()?,
            other => return unexpected(&other, "fuzz"),
        }
    }
    fuzz(seconds)
}

/// Runs each target for so long.
pub(crate) fn fuzz(seconds: u32) -> Result<()> {
    let workspace = Workspace::load()?;
    let (package, target) = (workspace.root.join("flowc-mcp/fuzz"), workspace.target.join("fuzz"));
    // With the versions that the workspace has.
    fs::copy(workspace.root.join("Cargo.lock"), package.join("Cargo.lock"))?;
    // With a target named, build scripts and macros are built without the flags.
    let host = host()?;
    let mut build = cargo();
    build.args(["build", "--release", "--target", &host, "--manifest-path"]).arg(package.join("Cargo.toml"));
    build.env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", FLAGS.join(" "));
    run(&mut build)?;
    for name in TARGETS {
        let corpus = target.join("corpus").join(name);
        fs::create_dir_all(&corpus)?;
        let mut fuzzer = Command::new(target.join(&host).join("release").join(name));
        fuzzer.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={LONGEST}"));
        fuzzer.arg(format!("-artifact_prefix={}/", target.display())).arg("-print_final_stats=1").arg(&corpus);
        run(&mut fuzzer)?;
    }
    Ok(())
}

/// What the compiler builds for, if nobody says otherwise.
fn host() -> Result<String> {
    let said = crate::shell::read(Command::new("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("`rustc -vV` names no host")?.to_owned())
}

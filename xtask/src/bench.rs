//! `cargo xtask bench`: the table of benchmarks.

use crate::Result;
use crate::shell::{cargo, run};

pub(crate) const HELP: &str = "\
Measure flowc against hand-written Rust and its peers

Usage: cargo xtask bench [arguments of the benchmark program]
       cargo xtask bench compile|policies|engine|signals|graphs|memory [arguments of the benchmark program]
       cargo xtask bench mcp
       cargo xtask bench durable

Builds `flowc-benches` with optimisations and runs it; what follows is passed on as it is, so
`cargo xtask bench -- --help` shows what the program itself can do. Close other programs first: the
figures are ratios, but a busy machine still blurs them. `mcp` installs the clients for Python and
TypeScript where they are missing, and times calls of flowc-mcp beside theirs; `graphs` installs
the engines for Python that it measures. `durable` installs PostgreSQL where it is missing, and
measures what a journal costs.
";

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    let mut arguments: Vec<_> = parser.raw_args()?.collect();
    // The first `--` only says that our own options are over.
    if arguments.first().is_some_and(|first| first == "--") {
        arguments.remove(0);
    }
    let mut command = cargo();
    if arguments.first().is_some_and(|first| first == "mcp") {
        return run(command.args(["run", "--release", "--package", "flowc-mcp-tests", "--bin", "latency"]));
    }
    if arguments.first().is_some_and(|first| first == "durable") {
        return run(command.args(["run", "--release", "--package", "flowc-durable", "--bin", "flowc-durable-bench"]));
    }
    command.args(["run", "--release", "--package", "flowc-benches"]);
    match arguments.first().and_then(|first| first.to_str()) {
        Some("compile" | "policies" | "engine" | "memory") => {}
        // What is built in costs a little even where nobody listens, so that the other sections go without.
        Some(feature @ ("signals" | "graphs")) => _ = command.args(["--features", feature]),
        // The other crates take long to build, and only plain runs are compared with them.
        _ => _ = command.args(["--features", "peers"]),
    }
    run(command.arg("--").args(arguments))
}

//! `cargo xtask ide`: a real rust-analyzer on a fixture.

use std::process::Command;

use crate::Result;
use crate::help::unexpected;
use crate::need;
use crate::shell::{capture, cargo, run};

pub(crate) const HELP: &str = "\
Drive a real rust-analyzer over the macros

Usage: cargo xtask ide

Checks what an editor offers inside `workflow!`: completion, hover, go-to-definition, rename; and that
what the macros write for editors compiles. Adds the components rust-analyzer and rust-src through
rustup if they are missing, then runs the ignored tests of `flowc-ide-tests`. It is not part of
`cargo xtask test`: rust-analyzer takes a while to index.
";

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    if let Some(argument) = parser.next()? {
        return unexpected(&argument, "ide");
    }
    // The proxy that rustup leaves in its place exists without the component, so only a run tells.
    let there = capture(Command::new("rust-analyzer").arg("--version")).is_ok_and(|outcome| outcome.status.success());
    if !there {
        need::add_components(&["rust-analyzer"])?;
    }
    need::rust_src()?;
    run(cargo().args(["test", "--package", "flowc-ide-tests", "--", "--ignored", "--nocapture"]))
}

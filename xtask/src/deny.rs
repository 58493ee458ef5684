//! `cargo xtask deny`: the full cargo-deny.

use crate::Result;
use crate::help::unexpected;
use crate::need;
use crate::shell::{cargo, run};

pub(crate) const HELP: &str = "\
Check licences, bans and sources with the full cargo-deny

Usage: cargo xtask deny

Installs cargo-deny if it is missing (it is built from source: six to eight minutes on two cores) and
runs it with deny.toml. It is not part of `cargo xtask test` for that reason; `cargo xtask tidy` checks
licences, sources and wildcards by itself, from the same deny.toml. Run this before a release, and when
a dependency was added.
";

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    if let Some(argument) = parser.next()? {
        return unexpected(&argument, "deny");
    }
    need::subcommand("deny")?;
    run(cargo().args(["deny", "check", "licenses", "bans", "sources"]))
}

//! What the chores need on the machine, and how each thing is installed where it is missing.

use std::process::Command;

use crate::Result;
use crate::shell::{capture, cargo, run};

/// A cargo subcommand that is a program of its own, such as `nextest`.
pub(crate) fn subcommand(name: &str) -> Result<()> {
    if capture(cargo().args([name, "--version"])).is_ok_and(|outcome| outcome.status.success()) {
        return Ok(());
    }
    println!("cargo-{name} is not installed; building it from source, which takes some minutes, once per machine");
    run(cargo().args(["install", "--locked", &format!("cargo-{name}")]))
        .map_err(|error| format!("{error}; install cargo-{name} by hand and try again").into())
}

/// A component of the Rust toolchain that is also a cargo subcommand: `fmt` or `clippy`.
pub(crate) fn component(subcommand: &str, component: &str) -> Result<()> {
    if capture(cargo().args([subcommand, "--version"])).is_ok_and(|outcome| outcome.status.success()) {
        return Ok(());
    }
    add_components(&[component])
}

/// The sources of the standard library: rustc quotes them in its errors, so the `.stderr` files are written with them.
pub(crate) fn rust_src() -> Result<()> {
    let sysroot = crate::shell::read(Command::new("rustc").args(["--print", "sysroot"]))?;
    let library = std::path::Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    if library.is_dir() { Ok(()) } else { add_components(&["rust-src"]) }
}

/// Adds components to the toolchain in use.
pub(crate) fn add_components(names: &[&str]) -> Result<()> {
    println!("missing in this Rust toolchain: {}; adding it through rustup", names.join(", "));
    run(Command::new("rustup").args(["component", "add"]).args(names))
        .map_err(|error| format!("{error}; install {} in the way you installed Rust", names.join(", ")).into())
}

//! `cargo xtask msrv`: the oldest Rust that the manifests promise, tried for real.

mod debian;
mod floor;
mod toolchain;

use std::collections::BTreeMap;

use crate::Result;
use crate::help::unexpected;
use crate::shell::run;
use crate::workspace::Workspace;

pub(crate) const HELP: &str = "\
Compile what ships with the oldest Rust that it promises

Usage: cargo xtask msrv

Takes the `rust-version` of every published package and runs `cargo check --all-features` on it with a
toolchain of exactly that version, in a target folder of its own (target/msrv). The toolchain is

  1. the one that rustup has installed (`rustup toolchain install <version>` puts it there), or else
  2. Debian's packages rustc-web and cargo-web, unpacked under target/msrv-toolchain: nothing is
     installed on the machine, and its own cargo stays what it is.

If neither is to be had, the chore says so and checks what can be known without that toolchain: that no
dependency asks for a newer Rust, and that nothing newer of the standard library is used (Clippy's
`incompatible_msrv`). Newer syntax would go unseen.
";

pub(crate) fn main(mut parser: lexopt::Parser) -> Result<()> {
    if let Some(argument) = parser.next()? {
        return unexpected(&argument, "msrv");
    }
    check()
}

pub(crate) fn check() -> Result<()> {
    let workspace = Workspace::load()?;
    for (version, packages) in promises(&workspace) {
        let Some(toolchain) = toolchain::find(&version, &workspace.target)? else {
            floor::check(&workspace, &version, &packages)?;
            continue;
        };
        println!("Rust {} from {}", toolchain.version, toolchain.origin);
        let mut command = toolchain.cargo();
        // The tests as well: what the macros write must compile there, too.
        command.args(["check", "--locked", "--all-features", "--lib", "--tests"]).current_dir(&workspace.root);
        command.env("CARGO_TARGET_DIR", workspace.target.join("msrv"));
        for package in &packages {
            command.args(["--package", package]);
        }
        run(&mut command).map_err(|_| {
            let names = packages.join(" and ");
            format!(
                "{names} promised Rust {version}, but cargo {} could not check it; its error is above",
                toolchain.version
            )
        })?;
    }
    Ok(())
}

/// The packages that ship, by the version of Rust that they promise to compile with.
fn promises(workspace: &Workspace) -> BTreeMap<String, Vec<&str>> {
    let mut promises: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for package in workspace.published() {
        if let Some(version) = &package.rust_version {
            promises.entry(version.clone()).or_default().push(&package.name);
        }
    }
    promises
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Package;

    #[test]
    fn packages_are_grouped_by_what_they_promise() {
        let package = |name: &str, version: &str, published| Package {
            name: name.to_string(),
            rust_version: Some(version.to_string()),
            published,
            ..Package::default()
        };
        let packages = vec![
            package("a", "1.85", true),
            package("b", "1.88", true),
            package("c", "1.85", true),
            package("d", "1.90", false),
        ];
        let workspace = Workspace { packages, ..Workspace::default() };
        let expected = BTreeMap::from([("1.85".to_string(), vec!["a", "c"]), ("1.88".to_string(), vec!["b"])]);
        assert_eq!(promises(&workspace), expected);
    }
}

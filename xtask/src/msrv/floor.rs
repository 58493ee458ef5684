//! What can be known of a promised Rust when no toolchain of that version is to be had.

use crate::Result;
use crate::need;
use crate::shell::{cargo, read, run};
use crate::workspace::Workspace;

/// Whether `packages` can keep the promise of Rust `promised` as far as their dependencies and the standard library go.
pub(super) fn check(workspace: &Workspace, promised: &str, packages: &[&str]) -> Result<()> {
    println!(
        "Rust {promised} is not to be had: rustup has none installed and Debian carries none \
         (`rustup toolchain install {promised} --profile minimal` installs one where it may download). \
         Its dependencies and its use of the standard library are checked instead"
    );
    for package in packages {
        let tree = ["tree", "--all-features", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
        let tree = read(cargo().args(tree).args(["--package", package]))?;
        let newer = newer(workspace, &tree, promised);
        if !newer.is_empty() {
            return Err(format!("{package} promises Rust {promised}, but needs {}", newer.join(", ")).into());
        }
    }
    need::component("clippy", "clippy")?;
    let mut clippy = cargo();
    clippy.args(["clippy", "--all-features", "--lib"]).args(packages.iter().flat_map(|package| ["--package", package]));
    run(clippy.args(["--", "--deny", "clippy::incompatible_msrv"]))
}

/// The packages of the tree that ask for a newer Rust than `promised`, with what they ask for.
fn newer(workspace: &Workspace, tree: &str, promised: &str) -> Vec<String> {
    let mut newer: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split_once(" v"))
        .filter_map(|(name, rest)| Some((name, rest.split_whitespace().next()?)))
        .filter_map(|(name, version)| {
            let package =
                workspace.packages.iter().find(|package| package.name == name && package.version == version)?;
            let asked = package.rust_version.as_deref()?;
            (minor(asked) > minor(promised)).then(|| format!("{name} {version} (Rust {asked})"))
        })
        .collect();
    newer.sort();
    newer.dedup();
    newer
}

/// Major and minor number: a patch release changes no promise.
fn minor(version: &str) -> (u32, u32) {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Package;

    #[test]
    fn a_dependency_that_asks_for_more_is_named() {
        let package = |name: &str, rust_version: &str| Package {
            name: name.to_string(),
            version: "1.2.0".to_string(),
            rust_version: Some(rust_version.to_string()),
            ..Package::default()
        };
        let packages = vec![package("old", "1.70"), package("same", "1.88.1"), package("new", "1.90")];
        let workspace = Workspace { packages, ..Workspace::default() };
        let tree = "mine v0.1.0 (/w/mine)\nold v1.2.0\nsame v1.2.0\nnew v1.2.0 (*)\nnew v1.2.0\n";
        assert_eq!(newer(&workspace, tree, "1.88"), ["new 1.2.0 (Rust 1.90)"]);
        assert_eq!(newer(&workspace, tree, "1.90"), [""; 0]);
    }
}

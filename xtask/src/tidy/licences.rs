//! Dependencies: their licences, where they come from, and how they are asked for.
//!
//! It reads the same `deny.toml` as cargo-deny, which takes minutes to build and is therefore a chore of its own.

use super::{House, Problem, spdx};
use crate::workspace::Package;

/// The end of the public registry's source, as cargo writes it.
const REGISTRY: &str = concat!("github.com/rust-lang/crates", ".io-index");
const LIST: &str = "deny.toml";

/// Bad input: a dependency whose licence we cannot pass on, that comes from git or another registry, or whose version
/// is `*`, so that tomorrow's build is not today's.
pub(super) fn check(house: &House) -> Vec<Problem> {
    let allowed = match house.tree.text(LIST).ok_or_else(|| "is missing".to_string()).and_then(allowed) {
        Ok(allowed) => allowed,
        Err(error) => return vec![Problem::error(LIST, error)],
    };
    let mut problems = Vec::new();
    for package in &house.workspace.packages {
        problems.extend(licence(package, &allowed));
        problems.extend(source(package));
    }
    problems.extend(house.workspace.members().flat_map(wildcards));
    problems
}

/// The allow list of `deny.toml`.
fn allowed(text: &str) -> Result<Vec<String>, String> {
    let table: toml::Table = text.parse().map_err(|error| format!("cannot be read: {error}"))?;
    let list = table.get("licenses").and_then(|licenses| licenses.get("allow")).and_then(toml::Value::as_array);
    let list = list.ok_or("has no list `allow` under [licenses]")?;
    Ok(list.iter().filter_map(toml::Value::as_str).map(ToString::to_string).collect())
}

fn licence(package: &Package, allowed: &[String]) -> Option<Problem> {
    let place = || format!("{} {}", package.name, package.version);
    let Some(expression) = &package.license else {
        return Some(Problem::error(place(), "names no licence in its manifest; choose another crate"));
    };
    let text = || {
        format!(
            "its licence `{expression}` is not on the list in {LIST}; choose another crate, or argue for the licence there"
        )
    };
    (!spdx::satisfied(expression, allowed)).then(|| Problem::error(place(), text()))
}

fn source(package: &Package) -> Option<Problem> {
    let source = package.source.as_ref()?;
    let ours = source.starts_with("registry+") && source.ends_with(REGISTRY);
    let place = format!("{} {}", package.name, package.version);
    (!ours).then(|| Problem::error(place, format!("comes from `{source}`; dependencies come from the crate registry")))
}

fn wildcards(package: &Package) -> impl Iterator<Item = Problem> {
    // A path without a version is fine between packages that are never published.
    let bad = |by_path: bool| !by_path || package.published;
    package.dependencies.iter().filter(move |need| need.requirement == "*" && bad(need.by_path)).map(|need| {
        let text = format!("asks for any version of `{}`; name the one you tested with", need.name);
        Problem::error(format!("{}/Cargo.toml", package.folder), text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Tree;
    use crate::workspace::{Dependency, Workspace};

    const DENY: &str = "[licenses]\nallow = [\n  \"MIT\", # ours\n  \"ISC\",\n]\n";

    fn found(package: Package) -> Vec<String> {
        let workspace = Workspace { packages: vec![package], ..Workspace::default() };
        let house = House { tree: Tree::of([(LIST, DENY)]), workspace };
        check(&house).into_iter().map(|problem| problem.text).collect()
    }

    fn outside() -> Package {
        Package {
            license: Some("MIT OR GPL-3.0".to_string()),
            source: Some(format!("registry+https://{REGISTRY}")),
            ..Package::default()
        }
    }

    #[test]
    fn a_good_dependency_passes() {
        assert_eq!(found(outside()), [""; 0]);
    }

    #[test]
    fn licences_off_the_list_or_missing_are_found() {
        assert!(
            found(Package { license: Some("GPL-3.0".to_string()), ..outside() })[0]
                .contains("`GPL-3.0` is not on the list")
        );
        assert!(found(Package { license: None, ..outside() })[0].contains("names no licence"));
    }

    #[test]
    fn git_and_other_registries_are_found() {
        for source in ["git+https://example.org/a", "registry+https://example.org/index"] {
            assert!(
                found(Package { source: Some(source.to_string()), ..outside() })[0].contains("comes from"),
                "{source}"
            );
        }
    }

    #[test]
    fn any_version_is_found_unless_it_is_a_path_between_unpublished_packages() {
        let member = |published, by_path| Package {
            source: None,
            published,
            dependencies: vec![Dependency { requirement: "*".to_string(), by_path, ..Dependency::default() }],
            ..outside()
        };
        assert_eq!(found(member(false, true)), [""; 0]);
        for bad in [member(true, true), member(true, false), member(false, false)] {
            assert!(found(bad)[0].contains("any version"));
        }
    }

    #[test]
    fn an_unreadable_list_is_an_error_and_not_an_empty_list() {
        for text in ["", "[licenses]\n", "[licenses"] {
            let house = House { tree: Tree::of([(LIST, text)]), workspace: Workspace::default() };
            assert_eq!(check(&house).len(), 1, "{text:?}");
        }
    }
}

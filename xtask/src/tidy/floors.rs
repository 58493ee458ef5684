//! The house has floors (ARCHITECTURE.md): a crate imports only what stands below it.

use super::{House, Problem, tokens};
use crate::workspace::{Package, Workspace};

/// The floors of what ships, from the ground up. Every new published crate gets its place here.
const FLOORS: &[&[&str]] = &[
    &["flowc-macros", "flowc-mcp-macros", "flowc-nodes-macros"],
    &["flowc-engine"],
    &["flowc-nodes", "flowc-mcp", "flowc-store", "flowc-restate"],
    &["flowc-cli", "flowc-api"],
];

/// Parts of a crate that know less than the crate may: what they must not name, and why.
const IGNORANT: &[(&str, &[&str], &str)] = &[
    ("flowc-macros/src/", &["tokio"], "the macros know syn and quote, and no runtime"),
    ("flowc-mcp-macros/src/", &["tokio"], "the macros know syn and quote, and no runtime"),
    ("flowc-nodes-macros/src/", &["tokio"], "the macros know syn and quote, and no runtime"),
    ("flowc/src/graph/", &["tokio", "fs", "net", "io"], "a graph is pure data: no runtime, no input or output"),
    ("flowc/src/run/schedule", &["tokio", "fs", "net", "io"], "the schedule is pure; what waits is in the task"),
];

pub(super) fn check(house: &House) -> Vec<Problem> {
    let mut problems = directions(&house.workspace);
    problems.extend(ignorance(house));
    problems
}

/// Bad input: a crate that depends on its own floor or on one above, on a package that is never published, or that
/// has no floor. What is not published (tests, examples, benches, xtask) stands on top and may use all that ships.
fn directions(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in workspace.published() {
        let place = format!("{}/Cargo.toml", package.folder);
        let Some(floor) = floor_of(&package.name) else {
            let text = format!("`{}` has no floor; give it one in FLOORS (xtask/src/tidy/floors.rs)", package.name);
            problems.push(Problem::error(place, text));
            continue;
        };
        for (below, kind) in neighbours(package, workspace) {
            if floor_of(&below.name).is_none_or(|other| other >= floor) || !below.published {
                let text = format!(
                    "`{}` has the {kind} dependency `{}`, which is on no floor below it",
                    package.name, below.name
                );
                problems.push(Problem::error(place.clone(), text));
            }
        }
    }
    problems
}

fn floor_of(name: &str) -> Option<usize> {
    FLOORS.iter().position(|crates| crates.contains(&name))
}

/// The packages of this workspace that a package names as dependencies, and what for.
fn neighbours<'a>(package: &'a Package, workspace: &'a Workspace) -> Vec<(&'a Package, &'a str)> {
    let member = |name: &str| workspace.members().find(|other| other.name == name);
    package.dependencies.iter().filter_map(|need| Some((member(&need.name)?, need.kind.as_str()))).collect()
}

/// Bad input: `tokio` in the macros, or a file, socket or runtime in a part that is to stay pure.
fn ignorance(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in house.tree.texts().filter(|(path, _)| house.workspace.ships(path)) {
        for (_, banned, why) in IGNORANT.iter().filter(|(part, ..)| path.starts_with(part)) {
            for token in tokens::shipped(text).unwrap_or_default() {
                if banned.contains(&token.text.as_str()) {
                    let text = format!("names `{}`: {why}", token.text);
                    problems.push(Problem::error(format!("{path}:{}", token.line), text));
                }
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Tree;
    use crate::workspace::Dependency;

    fn package(name: &str, published: bool, needs: &[(&str, &str)]) -> Package {
        let need = |(name, kind): &(&str, &str)| Dependency {
            name: (*name).to_string(),
            kind: (*kind).to_string(),
            ..Dependency::default()
        };
        Package {
            name: name.to_string(),
            folder: if name == "flowc-engine" { "flowc".to_string() } else { name.to_string() },
            published,
            dependencies: needs.iter().map(need).collect(),
            ..Package::default()
        }
    }

    fn found(packages: Vec<Package>) -> Vec<String> {
        let workspace = Workspace { packages, ..Workspace::default() };
        directions(&workspace).into_iter().map(|problem| problem.text).collect()
    }

    #[test]
    fn down_is_right() {
        let macros = package("flowc-macros", true, &[("syn", "normal")]);
        let engine = package("flowc-engine", true, &[("flowc-macros", "normal")]);
        let tests = package("flowc-tests", false, &[("flowc-engine", "normal"), ("ask", "dev")]);
        assert_eq!(found(vec![macros, engine, tests, package("ask", false, &[])]), [""; 0]);
    }

    #[test]
    fn up_is_found_for_every_kind_of_dependency() {
        for kind in ["normal", "dev", "build"] {
            let macros = package("flowc-macros", true, &[("flowc-engine", kind)]);
            let engine = package("flowc-engine", true, &[]);
            let text =
                format!("`flowc-macros` has the {kind} dependency `flowc-engine`, which is on no floor below it");
            assert_eq!(found(vec![macros, engine]), [text]);
        }
    }

    #[test]
    fn sideways_is_found() {
        let nodes = package("flowc-nodes", true, &[("flowc-mcp", "normal")]);
        assert_eq!(found(vec![nodes, package("flowc-mcp", true, &[])]).len(), 1);
    }

    #[test]
    fn leaning_on_what_is_never_published_is_found() {
        let engine = package("flowc-engine", true, &[("flowc-tests", "dev")]);
        assert_eq!(found(vec![engine, package("flowc-tests", false, &[])]).len(), 1);
    }

    #[test]
    fn a_new_crate_is_asked_for_its_floor() {
        assert!(found(vec![package("flowc-new", true, &[])])[0].contains("has no floor"));
    }

    #[test]
    fn pure_parts_stay_pure_but_may_say_why_in_comments_and_tests() {
        let ours = "//! Knows nothing of tokio.\nfn a() {}\n#[cfg(test)]\nmod tests { use std::io; }\n";
        let theirs = "fn a() {}\nuse std::fs;\n";
        let house = House {
            tree: Tree::of([
                ("flowc/src/graph/a.rs", ours),
                ("flowc/src/graph/b.rs", theirs),
                ("flowc/src/engine.rs", theirs),
                ("flowc-macros/src/lib.rs", "fn a() { ::tokio::spawn(b) }"),
            ]),
            workspace: Workspace {
                packages: vec![package("flowc-engine", true, &[]), package("flowc-macros", true, &[])],
                ..Workspace::default()
            },
        };
        let places: Vec<_> = ignorance(&house).into_iter().map(|problem| problem.place).collect();
        assert_eq!(places, ["flowc-macros/src/lib.rs:1", "flowc/src/graph/b.rs:2"]);
    }
}

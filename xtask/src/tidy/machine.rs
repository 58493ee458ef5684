//! The repository is the same on every machine.

use super::{House, Problem};

/// Beginnings of paths that are only right on somebody's machine.
const HOMES: &[&str] = &[concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];

/// Hosts that serve packages. A mirror serves them just as well, so a client's own settings decide, not our files.
/// They are written in two pieces, or this file would be its own first finding.
const HOSTS: &[&str] = &[
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("npmjs", ".org"),
    concat!("deb.debian", ".org"),
    concat!("security.debian", ".org"),
];

/// Written by cargo, which puts the registry's name there whatever mirror is used.
const LOCK: &str = "Cargo.lock";

/// Bad input: a path under somebody's home or this very checkout, or the host of a package registry.
pub(super) fn check(house: &House) -> Vec<Problem> {
    let checkout = house.workspace.root.to_string_lossy();
    // A checkout right under `/` may be called like anything, `/src` say.
    let checkout = (checkout.matches('/').count() > 1).then_some(checkout.as_ref());
    let mut problems = Vec::new();
    for (path, text) in house.tree.texts().filter(|(path, _)| *path != LOCK) {
        for (index, line) in text.lines().enumerate() {
            let place = || format!("{path}:{}", index + 1);
            if HOMES.iter().any(|home| begins_a_path(line, home)) || checkout.is_some_and(|root| line.contains(root)) {
                problems.push(Problem::error(
                    place(),
                    "names a path of one machine; write it from the root of the repository",
                ));
            }
            if let Some(host) = HOSTS.iter().find(|host| line.contains(**host)) {
                let text = format!("names `{host}`; packages are named, never the host that serves them");
                problems.push(Problem::error(place(), text));
            }
        }
    }
    problems
}

/// Whether `home` stands in the line where a path begins, and not in the middle of one.
fn begins_a_path(line: &str, home: &str) -> bool {
    line.match_indices(home).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        before.is_none_or(|c| !(c.is_alphanumeric() || "._-$})]>*/".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Tree;
    use crate::workspace::Workspace;

    fn found(path: &str, text: &str) -> usize {
        let workspace = Workspace { root: "/opt/checkouts/flowc".into(), ..Workspace::default() };
        check(&House { tree: Tree::of([(path, text)]), workspace }).len()
    }

    #[test]
    fn machine_paths_are_found() {
        let home = format!("see {}ann/notes", HOMES[1]);
        assert_eq!(found("docs/a.md", &home), 1);
        assert_eq!(found("docs/a.md", "built in /opt/checkouts/flowc/target"), 1);
        assert_eq!(found("docs/a.md", "`/usr/bin/env` and tests/work/home/a.rs and $DIR/root/x"), 0);
    }

    #[test]
    fn registry_hosts_are_found_but_not_in_the_lock_file() {
        let line = format!("get it from https://{}/x", HOSTS[0]);
        assert_eq!((found("README.md", &line), found(LOCK, &line)), (1, 0));
    }
}

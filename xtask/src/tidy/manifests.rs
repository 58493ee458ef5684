//! Manifests: what a registry page, a user or a lint needs from them.

use super::tree::Tree;
use super::{House, Problem};
use crate::workspace::Package;

/// Bad input: a package without the data that its page in the registry shows, or outside the workspace's lints.
pub(super) fn check(house: &House) -> Vec<Problem> {
    let mut problems = Vec::new();
    for package in house.workspace.members() {
        let place = format!("{}/Cargo.toml", package.folder);
        let missing = common(package, &house.tree).into_iter().chain(for_the_registry(package, &house.tree));
        problems.extend(missing.map(|text| Problem::error(place.clone(), text)));
    }
    problems
}

/// What every package has, published or not.
fn common(package: &Package, tree: &Tree) -> Vec<String> {
    let text = tree.text(&format!("{}/Cargo.toml", package.folder)).unwrap_or_default();
    let table: toml::Table = text.parse().unwrap_or_default();
    let lint = |name: &str| table.get("lints").and_then(|lints| lints.get(name));
    let shared = lint("workspace").and_then(toml::Value::as_bool) == Some(true);
    // What is not published may have lints of its own: tests play what users write. `unsafe` it has none all the same.
    let forbids = lint("rust").and_then(|rust| rust.get("unsafe_code")).and_then(toml::Value::as_str) == Some("forbid");
    let mut wrong = Vec::new();
    if !shared && (package.published || !forbids) {
        wrong.push("does not take the workspace's lints; write `[lints] workspace = true`".to_string());
    }
    if package.edition != "2024" {
        wrong.push(format!("has edition {}; write `edition.workspace = true`", package.edition));
    }
    for (key, there) in
        [("description", package.description.is_some()), ("rust-version", package.rust_version.is_some())]
    {
        if !there {
            wrong.push(format!("has no `{key}`"));
        }
    }
    wrong
}

/// What a published package has besides.
fn for_the_registry(package: &Package, tree: &Tree) -> Vec<String> {
    if !package.published {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    if package.license.as_deref() != Some("MIT") {
        wrong.push("is not under the licence of the workspace; write `license.workspace = true`".to_string());
    }
    let lists = [("authors", &package.authors), ("keywords", &package.keywords), ("categories", &package.categories)];
    wrong.extend(lists.iter().filter(|(_, list)| list.is_empty()).map(|(key, _)| format!("has no `{key}`")));
    if package.keywords.len() > 5 || package.categories.len() > 5 {
        wrong.push("has more than five keywords or categories, which the registry refuses".to_string());
    }
    match &package.readme {
        None => wrong.push("has no `readme`".to_string()),
        Some(readme) => {
            let path =
                readme.strip_prefix("../").map_or_else(|| format!("{}/{readme}", package.folder), ToString::to_string);
            if !tree.has(&path) {
                wrong.push(format!("names the readme `{readme}`, which is not there"));
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    fn complete() -> Package {
        let some = |text: &str| Some(text.to_string());
        let one = |text: &str| vec![text.to_string()];
        Package {
            folder: "flowc".to_string(),
            published: true,
            edition: "2024".to_string(),
            rust_version: some("1.85"),
            description: some("d"),
            license: some("MIT"),
            readme: some("../README.md"),
            authors: one("a"),
            keywords: one("k"),
            categories: one("c"),
            ..Package::default()
        }
    }

    fn found(package: Package, manifest: &str) -> Vec<String> {
        let workspace = Workspace { packages: vec![package], ..Workspace::default() };
        let house = House { tree: Tree::of([("flowc/Cargo.toml", manifest), ("README.md", "")]), workspace };
        check(&house).into_iter().map(|problem| problem.text).collect()
    }

    const LINTED: &str = "[lints]\nworkspace = true\n";

    #[test]
    fn a_complete_manifest_passes() {
        assert_eq!(found(complete(), LINTED), [""; 0]);
    }

    #[test]
    fn each_gap_is_found() {
        let none = Vec::new;
        for (package, word) in [
            (Package { description: None, ..complete() }, "description"),
            (Package { rust_version: None, ..complete() }, "rust-version"),
            (Package { edition: "2021".to_string(), ..complete() }, "edition"),
            (Package { license: Some("GPL-3.0".to_string()), ..complete() }, "licence"),
            (Package { authors: none(), ..complete() }, "authors"),
            (Package { keywords: none(), ..complete() }, "keywords"),
            (Package { keywords: vec![String::new(); 6], ..complete() }, "five"),
            (Package { categories: none(), ..complete() }, "categories"),
            (Package { readme: None, ..complete() }, "readme"),
            (Package { readme: Some("none.md".to_string()), ..complete() }, "not there"),
        ] {
            let found = found(package, LINTED);
            assert!(found.len() == 1 && found[0].contains(word), "{word}: {found:?}");
        }
        assert!(found(complete(), "")[0].contains("lints"));
    }

    #[test]
    fn an_unpublished_package_needs_less() {
        let package = || Package { published: false, readme: None, keywords: Vec::new(), license: None, ..complete() };
        assert_eq!(found(package(), LINTED), [""; 0]);
        assert_eq!(found(package(), "[lints.rust]\nunsafe_code = \"forbid\"\n"), [""; 0]);
        assert!(found(package(), "[lints.rust]\nunsafe_code = \"allow\"\n")[0].contains("lints"));
    }
}

//! What cargo knows about the workspace, in the few words that the chores need.

use std::path::PathBuf;

use serde_json::Value;

use crate::Result;
use crate::shell::{cargo, read};

/// The workspace and every package that any feature of it brings in.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Where it comes from; a package of this workspace has none.
    pub(crate) source: Option<String>,
    /// Its folder from the root of the workspace; empty for a package from elsewhere.
    pub(crate) folder: String,
    pub(crate) published: bool,
    /// Whether there is a feature that could be turned off.
    pub(crate) has_features: bool,
    pub(crate) edition: String,
    pub(crate) rust_version: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    /// The readme's path from the package's folder.
    pub(crate) readme: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `normal`, `dev` or `build`, as cargo calls it.
    pub(crate) kind: String,
    pub(crate) requirement: String,
    /// Whether it is named by a path, as packages of this workspace are.
    pub(crate) by_path: bool,
}

impl Workspace {
    /// Asks the cargo of the current folder, with all features on: an optional dependency is one all the same.
    pub(crate) fn load() -> Result<Self> {
        let text = read(cargo().args(["metadata", "--format-version", "1", "--all-features"]))?;
        Self::parse(&serde_json::from_str(&text)?)
    }

    fn parse(metadata: &Value) -> Result<Self> {
        let root = string(metadata, "workspace_root").ok_or("cargo metadata names no workspace root")?;
        let target = string(metadata, "target_directory").ok_or("cargo metadata names no target folder")?;
        let packages = list(metadata, "packages").iter().map(|package| Package::parse(package, &root)).collect();
        Ok(Self { root: root.into(), target: target.into(), packages })
    }

    /// The packages of this workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }

    /// The packages of this workspace that go to the crate registry: the code that ships.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Package> {
        self.members().filter(|package| package.published)
    }

    /// Whether a file, given from the root, is source code that ships.
    pub(crate) fn ships(&self, path: &str) -> bool {
        let in_tests = path.contains("/tests/") || path.ends_with("/tests.rs");
        path.ends_with(".rs")
            && !in_tests
            && self.published().any(|package| path.starts_with(&format!("{}/src/", package.folder)))
    }
}

impl Package {
    fn parse(package: &Value, root: &str) -> Self {
        let source = string(package, "source");
        let manifest = string(package, "manifest_path").unwrap_or_default();
        let folder = manifest.trim_end_matches("Cargo.toml").trim_start_matches(root).trim_matches('/');
        Self {
            name: string(package, "name").unwrap_or_default(),
            version: string(package, "version").unwrap_or_default(),
            folder: if source.is_none() { folder.to_string() } else { String::new() },
            source,
            // Cargo writes `publish = false` as an empty list of registries.
            published: package.get("publish").is_none_or(|publish| publish.as_array().is_none_or(|to| !to.is_empty())),
            has_features: package
                .get("features")
                .and_then(Value::as_object)
                .is_some_and(|features| !features.is_empty()),
            edition: string(package, "edition").unwrap_or_default(),
            rust_version: string(package, "rust_version"),
            description: string(package, "description"),
            license: string(package, "license"),
            readme: string(package, "readme"),
            authors: strings(package, "authors"),
            keywords: strings(package, "keywords"),
            categories: strings(package, "categories"),
            dependencies: list(package, "dependencies").iter().map(Dependency::parse).collect(),
        }
    }
}

impl Dependency {
    fn parse(dependency: &Value) -> Self {
        Self {
            name: string(dependency, "name").unwrap_or_default(),
            kind: string(dependency, "kind").unwrap_or_else(|| "normal".to_string()),
            requirement: string(dependency, "req").unwrap_or_default(),
            by_path: dependency.get("path").is_some_and(Value::is_string),
        }
    }
}

fn string(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(ToString::to_string)
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    list(value, key).iter().filter_map(Value::as_str).map(ToString::to_string).collect()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_becomes_packages_with_folders() {
        let metadata = serde_json::json!({
            "workspace_root": "/w", "target_directory": "/w/target",
            "packages": [
                { "name": "engine", "manifest_path": "/w/flowc/Cargo.toml", "source": null, "publish": null,
                  "dependencies": [{ "name": "tokio", "kind": null, "req": "^1" },
                                   { "name": "macros", "kind": "dev", "req": "*", "path": "/w/macros" }] },
                { "name": "chores", "manifest_path": "/w/xtask/Cargo.toml", "source": null, "publish": [] },
                { "name": "tokio", "manifest_path": "/r/tokio/Cargo.toml", "source": "registry+somewhere" },
            ],
        });
        let workspace = Workspace::parse(&metadata).unwrap();
        let published: Vec<_> = workspace.published().map(|package| package.folder.as_str()).collect();
        assert_eq!(published, ["flowc"]);
        assert_eq!(workspace.members().count(), 2);
        let [tokio, macros] = workspace.packages[0].dependencies.as_slice() else { panic!("two dependencies") };
        assert_eq!((tokio.kind.as_str(), tokio.by_path), ("normal", false));
        assert_eq!((macros.kind.as_str(), macros.by_path), ("dev", true));
        assert!(workspace.ships("flowc/src/run/mod.rs"));
        assert!(!workspace.ships("flowc/src/run/tests.rs") && !workspace.ships("xtask/src/main.rs"));
        assert!(!workspace.ships("flowc/tests/a.rs") && !workspace.ships("flowc/src/doc.md"));
    }
}

//! A small crate on disk, written from a template.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Marked, Result};

/// A crate whose files have named places.
#[derive(Debug)]
pub struct Fixture {
    /// The folder of the crate.
    pub root: PathBuf,
    files: BTreeMap<String, Marked>,
}

impl Fixture {
    /// Writes the crate `name` below `parent`: `files` are (path, template) pairs, `dependencies` is TOML.
    ///
    /// The lock file of the workspace goes along, so that nothing is resolved anew and nothing is downloaded.
    ///
    /// # Errors
    ///
    /// When a file cannot be written, or a mark in a template is not closed.
    pub fn write(parent: &Path, name: &str, dependencies: &str, files: &[(&str, &str)]) -> Result<Self> {
        let root = parent.join(name);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\n"
        );
        put(&root.join("Cargo.toml"), &manifest)?;
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
        put(&root.join("Cargo.lock"), &fs::read_to_string(lock)?)?;
        let mut marked = BTreeMap::new();
        for (path, template) in files {
            let file = Marked::new(template)?;
            put(&root.join(path), &file.text)?;
            marked.insert((*path).to_owned(), file);
        }
        Ok(Self { root, files: marked })
    }

    /// The dependency line for flowc, as a user of this checkout would write it.
    pub fn flowc() -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../flowc");
        format!("flowc = {{ package = \"flowc-engine\", path = {:?} }}", path.display().to_string())
    }

    /// The files with their paths, in order.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Marked)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// One file.
    ///
    /// # Errors
    ///
    /// When the fixture has no such file.
    pub fn file(&self, path: &str) -> Result<&Marked> {
        Ok(self.files.get(path).ok_or_else(|| format!("the fixture has no file {path}"))?)
    }
}

fn put(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()).into())
}

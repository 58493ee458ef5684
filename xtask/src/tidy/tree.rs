//! The files of the repository, read once.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::Result;
use crate::shell::read;

/// Every file that git tracks or would track, by its path from the root.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// A file that is not text has no text here, but it has its place.
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// Reads the files. New files count before they are added, so that a check speaks before the commit.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let names = read(Command::new("git").args(list).current_dir(root))?;
        let mut files = BTreeMap::new();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            // A file that was deleted but is still in git's index is not there any more.
            let Ok(bytes) = std::fs::read(root.join(name)) else { continue };
            files.insert(name.to_string(), String::from_utf8(bytes).ok());
        }
        Ok(Self { files })
    }

    /// A tree for a test.
    #[cfg(test)]
    pub(crate) fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let own = |(path, text): (&str, &str)| (path.to_string(), Some(text.to_string()));
        Self { files: files.into_iter().map(own).collect() }
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text files, as path and text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Whether there is such a file, or a folder with files in it.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty() || self.files.contains_key(path) || self.paths().any(|file| file.starts_with(&folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_there_when_files_are() {
        let tree = Tree::of([("docs/guide/a.md", "")]);
        assert!(tree.has("docs/guide/a.md") && tree.has("docs/guide/") && tree.has("docs"));
        assert!(!tree.has("doc") && !tree.has("docs/guide/b.md"));
    }

    #[test]
    fn the_real_tree_is_read_with_new_files_and_without_ignored_ones() {
        let folder = std::env::temp_dir().join(format!("flowc-tree-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        read(Command::new("git").args(["init", "-q"]).current_dir(&folder)).unwrap();
        std::fs::write(folder.join(".gitignore"), "*.log\n").unwrap();
        std::fs::write(folder.join("new.txt"), "new").unwrap();
        std::fs::write(folder.join("noise.log"), "noise").unwrap();
        std::fs::write(folder.join("picture.png"), [0xff, 0xfe, 0x00]).unwrap();
        let tree = Tree::load(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        let tree = tree.unwrap();
        assert_eq!(tree.paths().collect::<Vec<_>>(), [".gitignore", "new.txt", "picture.png"]);
        assert_eq!((tree.text("new.txt"), tree.text("picture.png")), (Some("new"), None));
    }
}

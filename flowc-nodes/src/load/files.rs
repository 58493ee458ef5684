//! Files and folders below a root.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use flowc::node;
use globset::{GlobBuilder, GlobMatcher};

use super::{LoadError, LoadErrorKind, html_to_markdown};
use crate::document::Document;

/// A folder has at most so many entries that are looked at, whatever the pattern takes of them.
const ENTRIES: usize = 100_000;

/// The files that steps may read: those below one folder, up to a size and a number. A resource of the application.
///
/// Paths are relative to the folder. What leads out of it, by `..` or by a symbolic link, is refused. It guards against paths that come
/// from outside, such as from a model; against someone who changes the folder while it is read it does not.
#[derive(Debug, Clone)]
pub struct FileAccess {
    root: Arc<Path>,
    max_bytes: u64,
    max_files: usize,
}

impl FileAccess {
    /// The files below a folder: at most 8 MiB each, and 1000 at once.
    ///
    /// # Errors
    /// It is not there, or no folder.
    pub fn below(root: impl AsRef<Path>) -> Result<Self, LoadError> {
        let place = || root.as_ref().display().to_string();
        let folder = fs::canonicalize(root.as_ref());
        let folder = folder.map_err(|error| LoadError::new(place(), LoadErrorKind::Read).because(error))?;
        if !folder.is_dir() {
            return Err(LoadError::new(place(), LoadErrorKind::Invalid { reason: "it is no folder".to_owned() }));
        }
        Ok(Self { root: folder.into(), max_bytes: 8 << 20, max_files: 1_000 })
    }

    /// The largest file, in bytes.
    #[must_use]
    pub fn max_bytes(self, bytes: u64) -> Self {
        Self { max_bytes: bytes, ..self }
    }

    /// The most files of a folder.
    #[must_use]
    pub fn max_files(self, files: usize) -> Self {
        Self { max_files: files, ..self }
    }

    #[cfg(feature = "pdf")]
    pub(super) fn limit(&self) -> u64 {
        self.max_bytes
    }

    /// What a file has, if it may be read.
    pub(super) fn bytes(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let error = |kind| LoadError::new(path, kind);
        let broken = |source| error(LoadErrorKind::Read).because(source);
        let place = Path::new(path);
        if !place.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(error(LoadErrorKind::Forbidden { reason: "it is absolute or has `..` in it" }));
        }
        let place = fs::canonicalize(self.root.join(place)).map_err(broken)?;
        if !place.starts_with(&self.root) {
            return Err(error(LoadErrorKind::Forbidden { reason: "a symbolic link leads out of the folder" }));
        }
        // Before it is opened: opening a pipe would wait for somebody who writes into it.
        if !fs::metadata(&place).map_err(broken)?.is_file() {
            return Err(error(LoadErrorKind::WrongType { found: "no regular file".to_owned() }));
        }
        let mut bytes = Vec::new();
        let mut file = File::open(&place).map_err(broken)?.take(self.max_bytes.saturating_add(1));
        file.read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() as u64 > self.max_bytes {
            return Err(error(LoadErrorKind::TooLarge { limit: self.max_bytes }));
        }
        Ok(bytes)
    }

    fn read(&self, path: &str) -> Result<Document, LoadError> {
        let wrong = || LoadError::new(path, LoadErrorKind::WrongType { found: "no text in UTF-8".to_owned() });
        let text = String::from_utf8(self.bytes(path)?).ok().filter(|text| !text.contains('\0'));
        let text = text.ok_or_else(wrong)?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let end = Path::new(path).extension();
        let is_html = end.is_some_and(|end| end.eq_ignore_ascii_case("html") || end.eq_ignore_ascii_case("htm"));
        let text = if is_html { html_to_markdown(&text).map_err(|problem| problem.at(path))? } else { text };
        Ok(Document::new(path, text))
    }

    /// The paths below the root that a pattern takes, in the order of their names.
    fn find(&self, pattern: &GlobMatcher, said: &str) -> Result<Vec<String>, LoadError> {
        let (mut found, mut folders, mut entries) = (Vec::new(), vec![PathBuf::new()], 0);
        while let Some(folder) = folders.pop() {
            let broken = |source| LoadError::new(folder.display().to_string(), LoadErrorKind::Read).because(source);
            for entry in fs::read_dir(self.root.join(&folder)).map_err(broken)? {
                let entry = entry.map_err(broken)?;
                entries += 1;
                if entries > ENTRIES {
                    return Err(LoadError::new(said, LoadErrorKind::TooMany { limit: ENTRIES }));
                }
                let path = folder.join(entry.file_name());
                // Links to folders are not followed, so that there is no way in a circle.
                if entry.file_type().map_err(broken)?.is_dir() {
                    folders.push(path);
                } else if pattern.is_match(&path) {
                    if found.len() == self.max_files {
                        return Err(LoadError::new(said, LoadErrorKind::TooMany { limit: self.max_files }));
                    }
                    let invalid = || LoadErrorKind::Invalid { reason: "its name is not in UTF-8".to_owned() };
                    let name = path.to_str().ok_or_else(|| LoadError::new(path.display().to_string(), invalid()))?;
                    found.push(name.to_owned());
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

/// Reads a text file: a step. Its path is relative to the application's [`FileAccess`]; HTML becomes Markdown.
///
/// # Errors
/// A path that leads out of the folder, a file that is too large, is no text in UTF-8, or cannot be read.
#[node(blocking)]
pub fn load_file(path: String, #[resource] access: FileAccess) -> Result<Document, LoadError> {
    access.read(&path)
}

/// Reads all files that a pattern takes, such as `**/*.md`, in the order of their names: a step. `*` stops at `/`, `**` does not.
///
/// # Errors
/// As for [`load_file`](load_file()), for the first file that cannot be read; a pattern that is none, and too many files.
#[node(blocking)]
pub fn load_folder(pattern: String, #[resource] access: FileAccess) -> Result<Vec<Document>, LoadError> {
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
    let glob = glob.map_err(|error| {
        LoadError::new(&*pattern, LoadErrorKind::Invalid { reason: format!("it is no pattern: {}", error.kind()) })
    })?;
    access.find(&glob.compile_matcher(), &pattern)?.iter().map(|path| access.read(path)).collect()
}

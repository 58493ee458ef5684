//! Reading the folder: every Markdown file below it, within bounds, or an error that names the culprit.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use flowc::node;
use thiserror::Error;

/// A folder to read, and how much of it at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// How much is read at most.
    pub limits: Limits,
}

impl Folder {
    /// The folder at `path` with the usual limits.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), limits: Limits::default() }
    }
}

/// Bounds for a folder, so that a wrong path (a home folder, say) ends in an error and not in a full memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many Markdown files.
    pub files: usize,
    /// How many bytes one file may have.
    pub file_bytes: u64,
    /// How many bytes all files together may have.
    pub total_bytes: u64,
    /// How many folders inside one another.
    pub depth: usize,
    /// How many entries of any kind are looked at.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 2_000, file_bytes: 2_000_000, total_bytes: 64_000_000, depth: 16, entries: 100_000 }
    }
}

/// One Markdown file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its path as people should see it.
    pub name: String,
    /// Its text, without a byte order mark.
    pub text: String,
}

/// Why a folder could not be read.
#[derive(Debug, Error)]
pub enum LoadError {
    /// There is nothing at the path.
    #[error("there is no folder `{path}`; give an existing one with `--folder PATH`")]
    Missing {
        /// What was looked for.
        path: String,
    },
    /// There is something else at the path.
    #[error("`{path}` is not a folder; give the folder it lies in with `--folder PATH`")]
    NotAFolder {
        /// What was looked at.
        path: String,
    },
    /// The operating system refused.
    #[error("cannot read `{path}`: {source}; check its permissions, or leave it out of the folder")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// No Markdown, or only blank files.
    #[error(
        "no text in `{path}`: files that end in `.md` or `.markdown` are read, and none here has any; \
         give another folder with `--folder PATH`"
    )]
    Empty {
        /// The folder.
        path: String,
    },
    /// A file in another encoding, or no text at all.
    #[error("`{path}` is not UTF-8: line {line} has other bytes{hint}; save it as UTF-8, or take it out of the folder")]
    NotUtf8 {
        /// The file.
        path: String,
        /// The line of the first wrong byte, counted from 1.
        line: usize,
        /// What it may be instead; empty, or with a leading space.
        hint: &'static str,
    },
    /// More than the limits allow.
    #[error("`{path}` is too big: {what}, and at most {limit} are read; choose a smaller folder with `--folder PATH`")]
    TooMuch {
        /// The file or folder.
        path: String,
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
}

/// Reads every Markdown file below the folder, sorted by path.
///
/// Hidden files and folders are passed over, and links to folders are not followed, so that no loop can be met.
///
/// # Errors
/// [`LoadError`], with the path of the file or folder that is at fault.
#[node(blocking)]
pub fn load(folder: Folder) -> Result<Vec<Document>, LoadError> {
    let Folder { path, limits } = folder;
    match fs::metadata(&path) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => {
            return Err(LoadError::Missing { path: shown(&path) });
        }
        Err(source) => return Err(LoadError::Unreadable { path: shown(&path), source }),
        Ok(found) if !found.is_dir() => return Err(LoadError::NotAFolder { path: shown(&path) }),
        Ok(_) => {}
    }
    let mut total = 0;
    let mut documents = Vec::new();
    for file in markdown_files(&path, limits)? {
        let document = read(&file, limits)?;
        total += document.text.len() as u64;
        if total > limits.total_bytes {
            let what = "its files have more bytes together";
            return Err(LoadError::TooMuch { path: shown(&path), what, limit: limits.total_bytes });
        }
        if !document.text.trim().is_empty() {
            documents.push(document);
        }
    }
    if documents.is_empty() {
        return Err(LoadError::Empty { path: shown(&path) });
    }
    Ok(documents)
}

fn markdown_files(root: &Path, limits: Limits) -> Result<Vec<PathBuf>, LoadError> {
    let too_much = |what, limit: usize| LoadError::TooMuch { path: shown(root), what, limit: limit as u64 };
    let mut files = Vec::new();
    let mut entries = 0;
    let mut folders = vec![(root.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        if depth > limits.depth {
            return Err(too_much("it has more folders inside one another", limits.depth));
        }
        let unreadable = |source| LoadError::Unreadable { path: shown(&folder), source };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            entries += 1;
            if entries > limits.entries {
                return Err(too_much("it has more entries", limits.entries));
            }
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            if entry.file_type().map_err(unreadable)?.is_dir() {
                folders.push((path, depth + 1));
            } else if is_markdown(&path) && path.is_file() {
                files.push(path);
                if files.len() > limits.files {
                    return Err(too_much("it has more Markdown files", limits.files));
                }
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md") || end.eq_ignore_ascii_case("markdown"))
}

fn read(path: &Path, limits: Limits) -> Result<Document, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: shown(path), source };
    let too_big = || {
        let what = "it has more bytes";
        LoadError::TooMuch { path: shown(path), what, limit: limits.file_bytes }
    };
    // The size is asked for first, so that a huge file is never in memory.
    if fs::metadata(path).map_err(unreadable)?.len() > limits.file_bytes {
        return Err(too_big());
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    if bytes.len() as u64 > limits.file_bytes {
        return Err(too_big());
    }
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(path, error.as_bytes(), error.utf8_error()))?;
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(Document { name: shown(path), text })
}

fn not_utf8(path: &Path, bytes: &[u8], error: std::str::Utf8Error) -> LoadError {
    let good = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
    let line = good.split(|byte| *byte == b'\n').count();
    let hint = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        " (it looks like UTF-16)"
    } else if bytes.contains(&0) {
        " (it looks like a binary file)"
    } else {
        ""
    };
    LoadError::NotUtf8 { path: shown(path), line, hint }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        root
    }

    fn error(root: &Path, limits: Limits) -> String {
        load(Folder { path: root.to_path_buf(), limits }).unwrap_err().to_string()
    }

    #[test]
    fn reads_markdown_at_any_depth_in_order_and_nothing_else() {
        let root = folder(&[
            ("b.md", b"two"),
            ("a/deep/x.MD", b"\xef\xbb\xbfone"),
            ("c.markdown", b"three"),
            ("c.txt", b"no"),
            (".hidden/d.md", b"no"),
            ("blank.md", b" \n"),
        ]);
        let documents = load(Folder::new(root.path())).unwrap();
        let texts: Vec<_> = documents.iter().map(|document| document.text.as_str()).collect();
        assert_eq!(texts, ["one", "two", "three"]);
        assert!(documents.first().unwrap().name.ends_with("x.MD"));
    }

    #[test]
    fn a_folder_that_does_not_exist_is_named() {
        let root = folder(&[]);
        let message = error(&root.path().join("nowhere"), Limits::default());
        assert!(message.contains("there is no folder") && message.contains("nowhere"), "{message}");
    }

    #[test]
    fn a_file_instead_of_a_folder_is_named() {
        let root = folder(&[("a.md", b"text")]);
        let message = error(&root.path().join("a.md"), Limits::default());
        assert!(message.contains("a.md` is not a folder"), "{message}");
    }

    #[test]
    fn an_empty_folder_says_what_is_read() {
        for files in [&[][..], &[("notes.txt", &b"text"[..])], &[("a.md", b"\n\n")]] {
            let root = folder(files);
            let message = error(root.path(), Limits::default());
            assert!(message.contains("no text in") && message.contains("`.md`"), "{message}");
        }
    }

    #[test]
    fn a_file_that_is_not_utf8_is_refused_with_its_name_and_line() {
        let root = folder(&[("good.md", b"fine"), ("sub/latin.md", b"# Title\n\ncaf\xe9\n")]);
        let message = error(root.path(), Limits::default());
        assert!(message.contains("latin.md` is not UTF-8: line 3 has other bytes;"), "{message}");

        let root = folder(&[("wide.md", b"\xff\xfeh\0i\0")]);
        let message = error(root.path(), Limits::default());
        assert!(message.contains("looks like UTF-16"), "{message}");
    }

    #[test]
    fn each_limit_holds_at_its_edge() {
        let root = folder(&[("a.md", b"12345"), ("b.md", b"12345"), ("x/y/c.md", b"1")]);
        let exact = Limits { files: 3, file_bytes: 5, total_bytes: 11, depth: 2, entries: 5 };
        assert_eq!(load(Folder { path: root.path().into(), limits: exact }).unwrap().len(), 3);
        for (limits, what) in [
            (Limits { files: 2, ..exact }, "more Markdown files, and at most 2"),
            (Limits { file_bytes: 4, ..exact }, "more bytes, and at most 4"),
            (Limits { total_bytes: 10, ..exact }, "more bytes together, and at most 10"),
            (Limits { depth: 1, ..exact }, "inside one another, and at most 1"),
            (Limits { entries: 4, ..exact }, "more entries, and at most 4"),
        ] {
            let message = error(root.path(), limits);
            assert!(message.contains(what), "{message}");
        }
    }

    // A link that leads to itself cannot be opened by anyone, the administrator included.
    #[cfg(unix)]
    #[test]
    fn an_unreadable_folder_is_named_with_the_reason() {
        let root = folder(&[]);
        let path = root.path().join("loop");
        std::os::unix::fs::symlink(&path, &path).unwrap();
        let message = error(&path, Limits::default());
        assert!(message.contains("cannot read") && message.contains("loop`"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_back_to_the_folder_is_not_followed() {
        let root = folder(&[("a.md", b"once")]);
        std::os::unix::fs::symlink(root.path(), root.path().join("again")).unwrap();
        assert_eq!(load(Folder::new(root.path())).unwrap().len(), 1);
    }
}

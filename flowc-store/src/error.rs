use std::error::Error;
use std::fmt;

use flowc::RunId;

/// A file of runs that cannot be opened, read or written: which, why, and what to do about it.
#[derive(Debug)]
pub struct StoreError {
    file: String,
    run: Option<RunId>,
    why: String,
}

impl StoreError {
    pub(crate) fn of(file: &str, error: &dyn Error) -> Self {
        let mut why = error.to_string();
        let mut source = error.source();
        while let Some(deeper) = source {
            let text = deeper.to_string();
            if !why.contains(&text) {
                why = format!("{why}: {text}");
            }
            source = deeper.source();
        }
        Self { file: file.to_owned(), run: None, why }
    }

    pub(crate) fn gone(file: &str) -> Self {
        Self { file: file.to_owned(), run: None, why: "the thread that writes it has ended".to_owned() }
    }

    pub(crate) fn newer(file: &str, version: &str) -> Self {
        Self {
            file: file.to_owned(),
            run: None,
            why: format!("a newer version of flowc-store has written it ({version})"),
        }
    }

    pub(crate) fn in_run(self, run: RunId) -> Self {
        Self { run: Some(run), ..self }
    }

    /// What a person can do about it.
    pub fn help(&self) -> &'static str {
        let says = |text: &str| self.why.contains(text);
        if says("locked") {
            "another process has the file: stop it, or give this one a file of its own"
        } else if says("not a database") {
            "it is no SQLite file: give another path"
        } else if says("malformed") {
            "it is damaged: bring back a copy, or move it away and begin anew"
        } else if says("is full") {
            "make room on the disk; open runs go on when they are resumed"
        } else if says("newer version") {
            "use the newer version of flowc-store, or another file"
        } else if says("unable to open") {
            "see that its folder is there and can be written to"
        } else {
            "see to what SQLite says; open runs go on when they are resumed"
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the file of runs `{}`", self.file)?;
        if let Some(run) = self.run {
            write!(f, ", for the run {run}")?;
        }
        write!(f, ": {}; {}", self.why, self.help())
    }
}

impl Error for StoreError {}

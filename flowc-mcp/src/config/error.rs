//! What is wrong with a file of servers, and where.

use std::path::PathBuf;

/// Why a file of servers could not be read: where, what, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", self.place())]
pub struct ConfigError {
    pub(crate) file: Option<PathBuf>,
    /// Line and column, counted from 1.
    pub(crate) at: Option<(usize, usize)>,
    pub(crate) problem: String,
    pub(crate) help: Option<String>,
}

impl ConfigError {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { file: None, at: None, problem: problem.into(), help: None }
    }

    pub(crate) fn help_with(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn place(&self) -> String {
        let file = self.file.as_ref().map(|file| file.display().to_string());
        match (file, self.at) {
            (Some(file), Some((line, column))) => format!("{file}:{line}:{column}: "),
            (Some(file), None) => format!("{file}: "),
            (None, Some((line, column))) => format!("line {line}, column {column}: "),
            (None, None) => String::new(),
        }
    }

    /// Line and column, counted from 1.
    ///
    /// ```
    /// use flowc_mcp::ServersFile;
    ///
    /// let error = ServersFile::parse("{\n  \"mcpServers\": 5\n}").unwrap_err();
    /// assert_eq!(error.at(), Some((2, 17)));
    /// assert_eq!(error.to_string(), "line 2, column 17: `mcpServers` is a number");
    /// assert_eq!(error.help(), Some("make it an object with one entry per server"));
    /// ```
    pub fn at(&self) -> Option<(usize, usize)> {
        self.at
    }

    /// What is wrong, without the place.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// What to write instead.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

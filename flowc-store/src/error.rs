use std::error::Error;
use std::fmt;

use flowc::RunId;

#[cfg(feature = "postgres")]
use crate::request::Refusal;

/// A file or a database of runs that cannot be opened, read or written: which, why, and what to do about it.
#[derive(Debug)]
pub struct StoreError {
    /// Without a password.
    place: String,
    run: Option<RunId>,
    why: String,
}

impl StoreError {
    pub(crate) fn of(place: &str, error: &dyn Error) -> Self {
        let mut why = error.to_string();
        let mut source = error.source();
        while let Some(deeper) = source {
            let text = deeper.to_string();
            if !why.contains(&text) {
                why = format!("{why}: {text}");
            }
            source = deeper.source();
        }
        Self::because(place, why)
    }

    fn because(place: &str, why: String) -> Self {
        Self { place: place.to_owned(), run: None, why }
    }

    pub(crate) fn gone(place: &str) -> Self {
        Self::because(place, "the thread that has it has ended".to_owned())
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn refused(place: &str, refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Sql(error) => Self::of(place, error),
            Refusal::Away(why) => Self::away(place, why),
            Refusal::TakenOver => Self::gone(place),
        }
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn away(place: &str, why: &str) -> Self {
        Self::because(place, format!("it is away: {why}"))
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn no_tls(place: &str) -> Self {
        Self::because(place, "its URL asks for TLS, which this version does not speak".to_owned())
    }

    #[cfg(feature = "postgres")]
    pub(crate) fn why(&self) -> &str {
        &self.why
    }

    pub(crate) fn newer(place: &str, version: &str) -> Self {
        Self::because(place, format!("a newer version of flowc-store has written it ({version})"))
    }

    pub(crate) fn in_run(self, run: RunId) -> Self {
        Self { run: Some(run), ..self }
    }

    /// What a person can do about it.
    pub fn help(&self) -> &'static str {
        let says = |text: &&str| self.why.contains(text);
        let known = HELP.iter().find(|(texts, _)| texts.iter().any(says));
        known.map_or("see to what it says; open runs go on when they are resumed", |(_, help)| help)
    }
}

/// What SQLite, PostgreSQL and we say, and what to do about it.
const HELP: &[(&[&str], &str)] = &[
    (&["database is locked"], "another process has the file: stop it, or give this one a file of its own"),
    (&["not a database"], "it is no SQLite file: give another path"),
    (&["malformed"], "it is damaged: bring back a copy, or move it away and begin anew"),
    (&["is full", "disk I/O error", "No space left"], "make room on the disk; open runs go on when they are resumed"),
    (&["newer version"], "use the newer version of flowc-store, or another place"),
    (&["unable to open"], "see that its folder is there and can be written to"),
    (&["readonly"], "give this process the right to write to the file and its folder"),
    (
        &["password authentication failed", "no pg_hba.conf entry", "invalid configuration: password missing"],
        "give the user and the password that the server knows, in the URL",
    ),
    (
        &["permission denied"],
        "let the user make tables: `GRANT CREATE ON DATABASE .. TO ..`, or make the schema `flowc` for it",
    ),
    (
        &["no schema has been selected"],
        "let the user into the schema that is there: `GRANT ALL ON SCHEMA flowc TO ..`, and to its tables and sequences",
    ),
    (&["does not exist"], "give the name of one that exists, or make it: `CREATE DATABASE ..`, `CREATE ROLE .. LOGIN`"),
    (
        &["TLS"],
        "write `sslmode=disable` for a server on a network that you trust, or connect through a proxy on this machine",
    ),
    (
        &["error connecting", "away", "timed out", "starting up", "shutting down", "closed"],
        "see that PostgreSQL runs at this address and takes connections",
    ),
    (
        &["invalid connection string", "invalid value", "unknown option"],
        "write it as `postgres://user:password@host:5432/database`",
    ),
];

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        if let Some(run) = self.run {
            write!(f, ", for the run {run}")?;
        }
        write!(f, ": {}; {}", self.why, self.help())
    }
}

impl Error for StoreError {}

//! A place for runs, on either database.

use std::error::Error;
use std::fs::OpenOptions;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use flowc_store::{Durability, Store, StoreError};
use flowc_test_peers::postgres::Postgres;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A folder, and a server where it is one. Both go with the value.
pub struct Base {
    pub folder: PathBuf,
    pub server: Option<Postgres>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

impl Base {
    pub fn new(kind: Kind, name: &str) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("flowc-durable-{}-{name}-{kind:?}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let server = (kind == Kind::Postgres).then(|| {
            let server = Postgres::start(Path::new(env!("CARGO_TARGET_TMPDIR")));
            server.database("runs");
            server
        });
        Ok(Self { folder, server })
    }

    /// A path, or a URL.
    pub fn place(&self) -> String {
        match &self.server {
            Some(server) => server.url("runs"),
            None => self.folder.join("runs.db").display().to_string(),
        }
    }

    pub async fn open(&self) -> Result<Store, StoreError> {
        flowc_durable::open(&self.place(), Durability::Process).await
    }

    /// What an SQL statement gives in its column `row`, without asking the store.
    pub fn rows(&self, statement: &str) -> Outcome<Vec<String>> {
        if let Some(server) = &self.server {
            let rows = server.sql("runs", &format!("SET search_path TO flowc; {statement}"));
            return Ok(rows.into_iter().flatten().collect());
        }
        let mut db = SqliteConnection::establish(&self.place())?;
        let rows = diesel::sql_query(statement).load::<Row>(&mut db)?;
        Ok(rows.into_iter().map(|row| row.row).collect())
    }

    /// Waits until nobody has a run any more.
    pub fn until_left(&self) -> Outcome<()> {
        match self.server {
            Some(_) => until(|| Ok(self.rows("SELECT run AS row FROM claims")?.is_empty())),
            None => Ok(()),
        }
    }

    pub fn calls(&self) -> PathBuf {
        self.folder.join("calls")
    }

    pub fn lines_of_calls(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.calls()).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// A process of a program of this package at this place.
    pub fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.arg(self.place()).arg(self.calls()).args(args);
        let errors = OpenOptions::new().append(true).create(true).open(self.folder.join("errors"));
        command.stderr(errors.expect("a file for what the processes say"));
        command
    }

    pub fn errors(&self) -> String {
        std::fs::read_to_string(self.folder.join("errors")).unwrap_or_default()
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.errors());
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A process that ends by `kill -9`.
pub struct Killed(pub Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits, patiently.
pub fn until(is_so: impl Fn() -> Outcome<bool>) -> Outcome<()> {
    let began = Instant::now();
    while !is_so()? {
        if began.elapsed() > Duration::from_secs(90) {
            return Err("it has not come to it within 90 s".into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

pub fn block_on<T>(future: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

/// The same tests on both databases; those that are `async` on a runtime with one thread.
macro_rules! both {
    (async $($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() -> $crate::base::Outcome<()> {
                $crate::base::block_on(super::$test($crate::base::Kind::Sqlite))
            })*
        }
        mod postgres {
            $(#[test] fn $test() -> $crate::base::Outcome<()> {
                $crate::base::block_on(super::$test($crate::base::Kind::Postgres))
            })*
        }
    };
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() -> $crate::base::Outcome<()> { super::$test($crate::base::Kind::Sqlite) })*
        }
        mod postgres {
            $(#[test] fn $test() -> $crate::base::Outcome<()> { super::$test($crate::base::Kind::Postgres) })*
        }
    };
}
pub(crate) use both;

//! A disk that does not do what it should.

use std::io::{Seek, SeekFrom, Write};
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use flowc::journal::RunFilter;
use flowc_store::Store;

use crate::base::{Base, Kind, Outcome, block_on};
use crate::crash::{PROGRAM, all_are_right};

#[test]
fn a_full_disk_stops_runs_and_they_go_on_when_there_is_room() -> Outcome<()> {
    let base = Base::new(Kind::Sqlite, "full")?;
    // What is written beyond a limit is refused rather than the end of the process, which sets the limit itself.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", PROGRAM]).arg(base.place()).arg(base.calls());
    let output = shell.args(["full", "process", "0"]).output()?;
    let (said, errors) = (String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    assert!(output.status.success(), "{said}{errors}");
    let stopped = said.lines().next().ok_or("a failure")?;
    let parts =
        ["journal: ", "runs.db", "disk I/O error", "make room on the disk; open runs go on when they are resumed"];
    assert!(parts.iter().all(|part| stopped.contains(part)), "{stopped}");
    assert_eq!(all_are_right(&base)?, 40, "{said}");
    let steps = base.rows("SELECT run || '-' || key AS row FROM entries")?;
    let again = base.lines_of_calls().len() - steps.len();
    // A run has five steps in flight at most.
    assert!((1..=200).contains(&again), "what was in flight is called again, and nothing else: {again}");
    Ok(())
}

#[test]
fn a_disk_that_is_full_for_good_loses_nothing() -> Outcome<()> {
    let base = Base::new(Kind::Sqlite, "fuller")?;
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 600; exec \"$0\" \"$@\"", PROGRAM]).arg(base.place()).arg(base.calls());
    let output = shell.args(["go", "process", "0"]).output()?;
    let errors = String::from_utf8(output.stderr)?;
    assert!(!output.status.success() && errors.contains("make room on the disk"), "{errors}");
    assert!(!base.rows("SELECT id AS row FROM runs WHERE state = 'open'")?.is_empty());
    let ended = base.command(PROGRAM, &["finish", "process", "0"]).status()?;
    assert!(ended.success(), "{}", base.errors());
    assert!(all_are_right(&base)? > 0);
    Ok(())
}

#[test]
fn a_damaged_file_is_told_of() -> Outcome<()> {
    let base = Base::new(Kind::Sqlite, "damaged")?;
    drop(Store::open(base.place())?);
    crate::base::until(|| {
        let mut db = SqliteConnection::establish(&base.place())?;
        Ok(db.batch_execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;").is_ok())
    })?;
    let mut file = std::fs::OpenOptions::new().write(true).open(base.place())?;
    file.seek(SeekFrom::Start(100))?;
    file.write_all(&[0xAA; 3000])?;
    drop(file);
    let text = match Store::open(base.place()) {
        Err(error) => error.to_string(),
        Ok(store) => block_on(async {
            let engine = flowc::Engine::builder().resources(()).journal(store).build();
            Ok(engine.runs(RunFilter::new()).await.unwrap_err().to_string())
        })?,
    };
    assert!(text.contains("malformed") && text.contains("bring back a copy"), "{text}");
    Ok(())
}

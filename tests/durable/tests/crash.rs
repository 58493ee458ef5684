//! `kill -9` at any moment: no run is lost, no stored step is called again, and the results are those of runs that nobody killed.

use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use flowc_durable::{App, Calls, everything};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    step: String,
}

#[derive(QueryableByName)]
struct Run {
    #[diesel(sql_type = Text)]
    seed: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    outcome: Option<String>,
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new(name: &str) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("flowc-durable-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn file(&self) -> PathBuf {
        self.0.join("runs.db")
    }

    /// The lines of all calls: the seed of the run, and the key of the step.
    fn calls(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.0.join("calls")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn command(&self, mode: &str, level: &str, seed: u64) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowc-durable"));
        command.arg(self.file()).arg(self.0.join("calls")).args([mode, level]).arg(seed.to_string());
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }
}

/// The keys of all steps that are stored, of runs that are over or open.
fn stored(file: &Path) -> Outcome<HashSet<String>> {
    let mut db = SqliteConnection::establish(&file.display().to_string())?;
    let known =
        diesel::sql_query("SELECT name AS step FROM sqlite_master WHERE name = 'entries'").load::<Step>(&mut db)?;
    if known.is_empty() {
        return Ok(HashSet::new());
    }
    let steps = diesel::sql_query("SELECT run || '-' || key AS step FROM entries").load::<Step>(&mut db)?;
    Ok(steps.into_iter().map(|step| step.step).collect())
}

fn runs(file: &Path) -> Outcome<Vec<Run>> {
    let mut db = SqliteConnection::establish(&file.display().to_string())?;
    Ok(diesel::sql_query("SELECT correlation_id AS seed, state, outcome FROM runs").load(&mut db)?)
}

/// Kills as often as the variable `FLOWC_KILLS` says, or until the time is up.
fn survives(level: &str) -> Outcome<()> {
    let kills: usize = std::env::var("FLOWC_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(150);
    let folder = Folder::new(level)?;
    let mut random = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos() as u64 | 1;
    eprintln!("{level}: random numbers from {random}");
    let (mut seen, mut before, mut killed) = (0, HashSet::new(), 0);
    let begun = Instant::now();
    while killed < kills && (kills != 150 || begun.elapsed() < Duration::from_secs(25)) {
        let mut process = folder.command("go", level, killed as u64 * 10_000).spawn()?;
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(Duration::from_micros(3000 + random % 120_000));
        if let Some(status) = process.try_wait()? {
            return Err(format!("the process ended by itself: {status}: {:?}", process.wait_with_output()?).into());
        }
        process.kill()?;
        process.wait()?;
        killed += 1;
        let calls = folder.calls();
        for line in &calls[seen..] {
            let (_, key) = line.split_once(' ').ok_or("a line that is cut")?;
            assert!(!before.contains(key), "the step {key} was stored before the process began, and was called");
        }
        (seen, before) = (calls.len(), stored(&folder.file())?);
    }

    let unfinished = runs(&folder.file())?.iter().filter(|run| run.state == "open").count();
    let ended = folder.command("finish", level, 0).output()?;
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    for line in &folder.calls()[seen..] {
        assert!(!line.split_once(' ').is_some_and(|(_, key)| before.contains(key)), "called again: {line}");
    }

    let mut results = BTreeMap::new();
    for run in runs(&folder.file())? {
        assert_eq!(run.state, "finished", "the run of {}", run.seed);
        assert!(results.insert(run.seed, run.outcome).is_none(), "no run is there twice");
    }
    for line in folder.calls() {
        assert!(line.split(' ').next().is_some_and(|seed| results.contains_key(seed)), "a run that is lost: {line}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (total, steps) = (results.len(), stored(&folder.file())?.len());
    let app = std::sync::Arc::new(App { calls: Calls(None) });
    let tasks: Vec<_> = results
        .into_iter()
        .map(|(seed, outcome)| {
            let app = std::sync::Arc::clone(&app);
            runtime.spawn(async move {
                let expected = everything(seed.parse().unwrap()).run(&*app).await.unwrap();
                assert_eq!(outcome, Some(serde_json::to_string(&expected).unwrap()), "the run of {seed}");
            })
        })
        .collect();
    for task in tasks {
        runtime.block_on(task)?;
    }
    eprintln!(
        "{level}: {killed} kills, {total} runs, {steps} steps, {} calls, {unfinished} open at the last kill",
        folder.calls().len()
    );
    assert!(killed > 10 && total > killed && unfinished > 0, "the kills came too early to mean anything");
    Ok(())
}

#[test]
fn a_killed_process_loses_nothing() -> Outcome<()> {
    survives("process")
}

#[test]
fn a_killed_process_loses_nothing_at_the_level_power() -> Outcome<()> {
    survives("power")
}

#[test]
fn what_is_wrong_with_a_file_is_said() -> Outcome<()> {
    let folder = Folder::new("wrong")?;
    let open = || flowc_store::Store::open(folder.file()).map_err(|error| error.to_string());
    let held = open()?;
    let text = open().unwrap_err();
    assert!(text.contains("runs.db") && text.contains("another process has the file"), "{text}");
    drop(held);

    let other = folder.0.join("text.db");
    std::fs::write(&other, "a text that is long enough to be no database at all, and says so to everybody who asks")?;
    let text = flowc_store::Store::open(&other).unwrap_err().to_string();
    assert!(text.contains("it is no SQLite file"), "{text}");
    let text = flowc_store::Store::open(folder.0.join("nowhere/runs.db")).unwrap_err().to_string();
    assert!(text.contains("see that its folder is there"), "{text}");
    Ok(())
}

#[test]
fn a_file_of_a_newer_version_is_refused() -> Outcome<()> {
    let folder = Folder::new("newer")?;
    drop(flowc_store::Store::open(folder.file())?);
    let mut tries = 0;
    // The thread that writes lets go of the file a moment after the store.
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    while SqliteConnection::establish(&folder.file().display().to_string())
        .map(|mut db| diesel::sql_query(newer).execute(&mut db))
        .is_ok_and(|done| done.is_err())
    {
        tries += 1;
        assert!(tries < 1000);
        std::thread::sleep(Duration::from_millis(5));
    }
    let text = flowc_store::Store::open(folder.file()).unwrap_err().to_string();
    assert!(text.contains("a newer version of flowc-store has written it (29990101000000)"), "{text}");
    Ok(())
}

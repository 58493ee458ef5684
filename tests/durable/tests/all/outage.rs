//! A database that goes away while runs run.

use std::time::Duration;

use flowc::Engine;
use flowc_durable::{App, Calls, everything};

use crate::base::{Base, Kind, Outcome};
use crate::crash::all_are_right;

#[test]
fn runs_wait_for_a_database_that_is_away() -> Outcome<()> {
    let mut base = Base::new(Kind::Postgres, "away")?;
    flowc_durable::log_to(std::fs::File::create(base.folder.join("log"))?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let app = App { calls: Calls(Some(std::fs::File::create(base.calls())?)) };
    let (place, again) = (base.place(), base.place());
    let store = runtime.block_on(flowc_durable::open(&place, flowc_store::Durability::Process))?;
    let engine = Engine::builder().resources(app).journal(store).build();
    let starting = engine.clone();
    // It starts more runs than can be over before the database goes.
    let runs = runtime.spawn(async move {
        let runs: Vec<_> =
            (0..300_u64).map(|seed| starting.start(everything(seed).correlation_id(seed.to_string()))).collect();
        for run in runs {
            run.await.map_err(|failure| failure.to_string())?;
        }
        Ok::<_, String>(())
    });
    crate::base::until(|| Ok(base.lines_of_calls().len() > 100))?;
    let server = base.server.as_mut().ok_or("a server")?;
    server.stop();
    assert!(!runs.is_finished(), "some are open");

    // Who asks is told, and who wants to connect as well.
    let asked = runtime.block_on(engine.runs(flowc::journal::RunFilter::new())).unwrap_err().to_string();
    assert!(asked.contains("it is away") && asked.contains("see that PostgreSQL runs"), "{asked}");
    let refused = runtime.block_on(flowc_store::Store::connect(again)).unwrap_err().to_string();
    assert!(refused.contains("see that PostgreSQL runs"), "{refused}");
    std::thread::sleep(Duration::from_secs(3));
    assert!(!runs.is_finished(), "they wait");
    server.begin();

    runtime.block_on(runs)??;
    assert_eq!(all_are_right(&base)?, 300);
    let calls = base.lines_of_calls();
    let steps = base.rows("SELECT run || '-' || key AS row FROM entries")?;
    assert_eq!(calls.len(), steps.len(), "no step was called twice, though nobody knew what was stored");
    let log = std::fs::read_to_string(base.folder.join("log"))?;
    let at = |text: &str| log.find(text).ok_or(format!("`{text}` is not in the log: {log}"));
    assert!(at("the database is away")? < at("the database is there again")?);
    assert!(!log.contains("hunter2"), "{log}");
    Ok(())
}

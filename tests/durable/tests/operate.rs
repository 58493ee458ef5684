//! What a person does with the runs of a file.

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use flowc::journal::{Cancelled, RunFilter, StoredState};
use flowc::{DurableEngine, Engine, EventKind, FailureKind, Run, StartError, Started, StepState};
use flowc_durable::{App, Calls, patient, spread};
use flowc_store::Store;

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn folder(name: &str) -> Outcome<Folder> {
    let folder = std::env::temp_dir().join(format!("flowc-operate-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok(Folder(folder))
}

fn engine(folder: &Folder) -> Outcome<DurableEngine<App>> {
    let store = Store::open(folder.0.join("runs.db"))?;
    Ok(Engine::builder().resources(App { calls: Calls(None) }).journal(store).build())
}

async fn until_it_waits(run: &mut Run<patient>) {
    while let Some(event) = run.next_event().await {
        if matches!(event.kind, EventKind::StepWaiting { signal: Some(_), .. }) {
            return;
        }
    }
}

#[tokio::test]
async fn runs_are_listed_inspected_cancelled_and_deleted() -> Outcome<()> {
    let folder = folder("list")?;
    let engine = engine(&folder)?;
    let mut first = engine.start(patient(1, 60_000).correlation_id("request 1"));
    until_it_waits(&mut first).await;
    engine.start(spread(1)).await?;
    engine.start(spread(2).correlation_id("request 2")).await?;

    let ids = |filter: RunFilter| {
        let engine = engine.clone();
        async move { engine.runs(filter).await.map(|runs| runs.into_iter().map(|run| run.id).collect::<Vec<_>>()) }
    };
    let all = ids(RunFilter::new()).await?;
    assert_eq!((all.len(), all[2]), (3, first.id()));
    assert_eq!(ids(RunFilter::new().limit(2)).await?, all[..2]);
    assert_eq!(ids(RunFilter::new().limit(2).before(all[1])).await?, all[2..]);
    assert_eq!(ids(RunFilter::new().workflow("spread")).await?, all[..2]);
    assert_eq!(ids(RunFilter::new().state(StoredState::Open)).await?, all[2..]);
    assert_eq!(ids(RunFilter::new().correlation_id("request 2")).await?, all[..1]);
    assert_eq!(ids(RunFilter::new().waiting_for("approve")).await?, all[2..]);
    assert!(ids(RunFilter::new().waiting_for("reject")).await?.is_empty());

    let stored = engine.stored(first.id()).await?.ok_or("it is there")?;
    assert_eq!((stored.workflow.as_str(), stored.inputs.as_str()), ("patient", "[1,60000]"));
    assert!(stored.began().elapsed()? < Duration::from_secs(60) && stored.ended.is_none());
    let waits: Vec<_> = stored.waiting.iter().map(|wait| (wait.step.as_str(), wait.signal.as_deref())).collect();
    assert!(waits.contains(&("patient/by", Some("approve"))), "{waits:?}");

    let status = engine.inspect::<patient>(first.id()).await?.ok_or("it is there")?;
    let state = |path: &str| status.step(path).map(|step| step.state);
    assert_eq!(state("patient/first"), Some(StepState::Done));
    assert_eq!(state("patient/by"), Some(StepState::Waiting));
    assert_eq!(state("patient/last"), Some(StepState::Pending));
    assert!(status.to_svg().contains("waits for approve"));
    assert!(engine.inspect::<spread>(first.id()).await?.is_none(), "it is of another workflow");
    let done = engine.inspect::<spread>(all[0]).await?.ok_or("it is there")?;
    assert!(done.steps.iter().all(|step| step.done == 5), "{:?}", done.steps);
    assert_eq!(engine.history(all[0]).await?.entries.len(), 10);

    assert_eq!(engine.cancel(all[0]).await?, Cancelled::Over);
    assert_eq!(engine.cancel(first.id()).await?, Cancelled::Stopping);
    assert_eq!(first.await.unwrap_err().kind(), FailureKind::Cancelled);
    let stored = engine.stored(all[2]).await?.ok_or("it is there")?;
    assert_eq!(stored.state, StoredState::Cancelled);
    assert!(stored.waiting.is_empty(), "a run that is over waits for nothing");

    let mut open = engine.start(patient(3, 60_000));
    until_it_waits(&mut open).await;
    let ended = |run: &flowc::journal::StoredRun| run.ended;
    let second = engine.stored(all[1]).await?.as_ref().and_then(ended).ok_or("it ended")?;
    assert_eq!(engine.delete_ended(second).await?, 0, "none ended before it");
    assert_eq!(engine.delete_ended(SystemTime::now() + Duration::from_secs(1)).await?, 3);
    assert_eq!(ids(RunFilter::new()).await?, [open.id()], "open runs stay");
    assert_eq!(engine.cancel(all[0]).await?, Cancelled::Unknown);
    assert!(engine.history(all[0]).await?.entries.is_empty());
    Ok(())
}

#[test]
fn a_run_that_nobody_has_resumed_is_cancelled_for_good() -> Outcome<()> {
    let folder = folder("cancel")?;
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    // A process that ends while its run waits.
    let id = runtime()?.block_on(async {
        let mut run = engine(&folder)?.start(patient(1, 60_000));
        until_it_waits(&mut run).await;
        let id = run.id();
        run.detach();
        Ok::<_, Box<dyn Error>>(id)
    })?;
    runtime()?.block_on(async {
        let engine = engine(&folder)?;
        assert_eq!(engine.cancel(id).await?, Cancelled::Done);
        assert_eq!(engine.cancel(id).await?, Cancelled::Over);
        assert!(engine.resume::<patient>().await?.is_empty());
        Ok(())
    })
}

#[tokio::test]
async fn of_one_key_there_is_one_run() -> Outcome<()> {
    let folder = folder("once")?;
    let engine = engine(&folder)?;
    let first = engine.start_once("request 7", spread(1)).await?;
    let id = first.id();
    let Started::New(run) = first else { return Err("it is new".into()) };
    run.await?;
    let again = engine.start_once("request 7", spread(1)).await?;
    assert!(matches!(again, Started::Known(known) if known == id));
    let other = engine.start_once("request 7", spread(2)).await.unwrap_err();
    assert!(matches!(&other, StartError::KeyTaken { run, .. } if *run == id), "{other}");
    assert!(other.to_string().contains("with other inputs"), "{other}");
    assert_eq!(engine.runs(RunFilter::new()).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_step_that_gives_too_much_fails_there_and_for_good() -> Outcome<()> {
    let folder = folder("large")?;
    let store = Store::open(folder.0.join("runs.db"))?;
    let app = App { calls: Calls(None) };
    let engine = Engine::builder().resources(app).journal(store).payload_limit(3).build();
    let failure = engine.start(patient(500, 0)).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Journal, "patient/first"));
    let text = failure.to_string();
    assert!(text.contains("it has 5 bytes as JSON, and the limit is 3"), "{text}");
    assert!(failure.help().contains("payload_limit"), "{}", failure.help());
    assert!(engine.open_runs().await?.is_empty(), "it is not tried again");
    Ok(())
}

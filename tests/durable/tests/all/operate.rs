//! What a person does with the runs of a journal.

use std::time::{Duration, SystemTime};

use flowc::journal::{Cancelled, RunFilter, StoredState};
use flowc::{DurableEngine, Engine, EventKind, FailureKind, Run, StartError, Started, StepState};
use flowc_durable::{App, Calls, patient, spread};
use flowc_store::Durability;

use crate::base::{Base, Kind, Outcome, block_on, both};

async fn engine(base: &Base) -> Outcome<DurableEngine<App>> {
    let store = base.open().await?;
    Ok(Engine::builder().resources(App { calls: Calls(None) }).journal(store).build())
}

both!(
    async runs_are_listed_inspected_cancelled_and_deleted,
    a_run_that_nobody_has_resumed_is_cancelled_for_good,
    of_one_key_there_is_one_run,
    a_step_that_gives_too_much_fails_there_and_for_good,
);

async fn until_it_waits(run: &mut Run<patient>) {
    while let Some(event) = run.next_event().await {
        if matches!(event.kind, EventKind::StepWaiting { signal: Some(_), .. }) {
            return;
        }
    }
}

async fn runs_are_listed_inspected_cancelled_and_deleted(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "list")?;
    let engine = engine(&base).await?;
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

async fn a_run_that_nobody_has_resumed_is_cancelled_for_good(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "cancel")?;
    let place = base.place();
    // A process that ends while its run waits.
    let process = std::thread::spawn(move || {
        block_on(async {
            let store = flowc_durable::open(&place, Durability::Process).await?;
            let engine = Engine::builder().resources(App { calls: Calls(None) }).journal(store).build();
            let mut run = engine.start(patient(1, 60_000));
            until_it_waits(&mut run).await;
            let id = run.id();
            run.detach();
            Ok(id)
        })
        .map_err(|error| error.to_string())
    });
    let id = process.join().map_err(|_| "it panicked")??;
    base.until_left()?;
    let engine = engine(&base).await?;
    assert_eq!(engine.cancel(id).await?, Cancelled::Done);
    assert_eq!(engine.cancel(id).await?, Cancelled::Over);
    assert!(engine.resume::<patient>().await?.is_empty());
    Ok(())
}

async fn of_one_key_there_is_one_run(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "once")?;
    let engine = engine(&base).await?;
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

async fn a_step_that_gives_too_much_fails_there_and_for_good(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "large")?;
    let store = base.open().await?;
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

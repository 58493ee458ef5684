//! Goes on with the open runs of a place. Then, with `go`, starts runs until somebody kills it; with `finish` it ends when all are over. With
//! `full` it starts some runs, and lets no file grow until one of them has stopped.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use flowc::journal::RunFilter;
use flowc::{DurableEngine, Engine, FailureKind};
use flowc_durable::{App, Calls, everything, open};
use flowc_store::Durability;
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::sync::Semaphore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    flowc_durable::log_to(std::io::stderr());
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [place, calls, mode, level, first] = <[String; 5]>::try_from(args).map_err(|_| "five arguments")?;
    let level = if level == "power" { Durability::Power } else { Durability::Process };
    let calls = OpenOptions::new().append(true).create(true).open(calls)?;
    let store = open(&place, level).await?;
    let engine = Engine::builder().resources(App { calls: Calls(Some(calls)) }).journal(store).build();

    if mode == "full" {
        return full(&engine).await;
    }
    let _resuming = engine.keep_resuming::<everything>().await?;
    if mode == "finish" {
        while !engine.open_runs().await?.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        return Ok(());
    }
    let room = Arc::new(Semaphore::new(8));
    let mut seed: u64 = first.parse()?;
    loop {
        let permit = Arc::clone(&room).acquire_owned().await?;
        seed += 1;
        let run = engine.start(everything(seed).correlation_id(seed.to_string()));
        tokio::spawn(async move {
            let ended = run.await;
            drop(permit);
            match ended {
                Err(failure) if failure.kind() != FailureKind::TakenOver => {
                    eprintln!("{failure}");
                    std::process::exit(1);
                }
                _ => {}
            }
        });
    }
}

async fn full(engine: &DurableEngine<App>) -> Result<(), Box<dyn Error>> {
    let limit = |bytes| setrlimit(Resource::Fsize, Rlimit { current: bytes, maximum: None });
    limit(Some(200_000))?;
    let runs: Vec<_> =
        (0..40_u64).map(|seed| engine.start(everything(seed).correlation_id(seed.to_string()))).collect();
    let mut stopped = Vec::new();
    for run in runs {
        if let Err(failure) = run.await {
            stopped.push(format!("{}: {failure}", failure.kind()));
        }
    }
    limit(None)?;
    // Those whose beginning could not be stored never began.
    let known: Vec<_> = engine.runs(RunFilter::new()).await?.into_iter().filter_map(|run| run.correlation_id).collect();
    for seed in (0..40_u64).filter(|seed| !known.contains(&seed.to_string())) {
        engine.start(everything(seed).correlation_id(seed.to_string())).await?;
    }
    for run in engine.resume::<everything>().await? {
        run.await?;
    }
    let mut out = std::io::stdout().lock();
    Ok(writeln!(out, "{}", stopped.join("\n"))?)
}

//! Does with the runs that wait what it is told: `start N MILLIS`, `signal RUN NAME`, `cancel RUN`, `wait` and `finish` for the open ones, or
//! `serve` for those that others leave.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::{Duration, Instant};

use flowc::{Engine, EventKind};
use flowc_durable::{App, Calls, open, patient};
use flowc_store::Durability;

/// The test waits for a line.
fn say(line: &str) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    flowc_durable::log_to(std::io::stderr());
    let args: Vec<String> = std::env::args().skip(1).collect();
    let calls = OpenOptions::new().append(true).create(true).open(args.get(1).ok_or("a file of calls")?)?;
    let store = open(args.first().ok_or("a place for runs")?, Durability::Process).await?;
    let engine = Engine::builder().resources(App { calls: Calls(Some(calls)) }).journal(store).build();
    let rest: Vec<&str> = args.iter().skip(2).map(String::as_str).collect();
    match rest.as_slice() {
        ["start", seed, millis] => {
            let mut run = engine.start(patient(seed.parse()?, millis.parse()?));
            while let Some(event) = run.next_event().await {
                if matches!(&event.kind, EventKind::StepWaiting { signal: Some(_), .. }) {
                    say(&run.id().to_string())?;
                }
            }
            match run.await {
                Ok(gave) => say(&gave)?,
                Err(failure) => say(&format!("{}: {failure}", failure.kind()))?,
            }
            // What comes next is stored, whatever became of the first.
            say(&engine.start(flowc_durable::spread(1)).await?.len().to_string())?;
        }
        ["cancel", run] => say(&format!("{:?}", engine.cancel(run.parse()?).await?))?,
        ["signal", run, by] => {
            let delivery = engine.signal_once(run.parse()?, "the mail", "approve", by).await?;
            say(&format!("{delivery:?}"))?;
        }
        ["finish"] => {
            while !engine.open_runs().await?.is_empty() {
                for run in engine.resume::<patient>().await? {
                    let began = Instant::now();
                    let id = run.id();
                    let gave = run.await?;
                    say(&format!("{id} {gave} {}", began.elapsed().as_millis()))?;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        ["wait"] => {
            let mut runs = Vec::new();
            // Those of a process that was killed are free when its lease is over.
            while runs.is_empty() {
                runs = engine.resume::<patient>().await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            say(&runs.len().to_string())?;
            std::future::pending::<()>().await;
        }
        ["serve"] => {
            let _resuming = engine.keep_resuming::<patient>().await?;
            say("serving")?;
            std::future::pending::<()>().await;
        }
        _ => return Err("start, signal, cancel, wait, finish or serve".into()),
    }
    Ok(())
}

//! Goes on with the open runs of a file that wait, and does what it is told: `start N` and wait to be killed, `signal RUN NAME`, or `finish`.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;

use flowc::{Engine, EventKind};
use flowc_durable::{App, Calls, patient};
use flowc_store::Store;

/// The test waits for a line.
fn say(line: &str) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let calls = OpenOptions::new().append(true).create(true).open(args.get(1).ok_or("a file of calls")?)?;
    let store = Store::open(args.first().ok_or("a file of runs")?)?;
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
            run.await?;
        }
        ["signal", run, by] => {
            let delivery = engine.signal_once(run.parse()?, "the mail", "approve", by).await?;
            say(&format!("{delivery:?}"))?;
        }
        ["finish"] => {
            for run in engine.resume::<patient>().await? {
                let began = Instant::now();
                let id = run.id();
                let gave = run.await?;
                say(&format!("{id} {gave} {}", began.elapsed().as_millis()))?;
            }
        }
        ["wait"] => {
            let runs = engine.resume::<patient>().await?;
            say(&runs.len().to_string())?;
            std::future::pending::<()>().await;
        }
        _ => return Err("start, signal, wait or finish".into()),
    }
    Ok(())
}

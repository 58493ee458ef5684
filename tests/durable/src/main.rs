//! Goes on with the open runs of a place. Then, with `go`, starts runs until somebody kills it; with `finish` it ends when all are over.

use std::error::Error;
use std::fs::OpenOptions;
use std::sync::Arc;
use std::time::Duration;

use flowc::{Engine, FailureKind};
use flowc_durable::{App, Calls, everything, open};
use flowc_store::Durability;
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

//! Goes on with the open runs of a file. Then, with `go`, starts runs until somebody kills it; with `finish` it ends by itself.

use std::error::Error;
use std::fs::OpenOptions;
use std::sync::Arc;

use flowc::Engine;
use flowc_durable::{App, Calls, everything};
use flowc_store::{Durability, Store};
use tokio::sync::Semaphore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, calls, mode, level, first] = <[String; 5]>::try_from(args).map_err(|_| "five arguments")?;
    let level = if level == "power" { Durability::Power } else { Durability::Process };
    let calls = OpenOptions::new().append(true).create(true).open(calls)?;
    let store = Store::open_at(file, level)?;
    let engine = Engine::builder().resources(App { calls: Calls(Some(calls)) }).journal(store).build();

    let mut resumed = engine.resume::<everything>().await?;
    if mode == "finish" {
        for run in resumed {
            run.await?;
        }
        return Ok(());
    }
    let room = Arc::new(Semaphore::new(8));
    let mut seed: u64 = first.parse()?;
    loop {
        let permit = Arc::clone(&room).acquire_owned().await?;
        let run = match resumed.pop() {
            Some(run) => run,
            None => {
                seed += 1;
                engine.start(everything(seed).correlation_id(seed.to_string()))
            }
        };
        tokio::spawn(async move {
            let ended = run.await;
            drop(permit);
            if let Err(failure) = ended {
                eprintln!("{failure}");
                std::process::exit(1);
            }
        });
    }
}

//! A million runs one after the other: memory must be flat.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use flowc::{Engine, Failure, workflow};

use super::rss::resident;
use crate::measure::runtime;
use crate::nodes::yielding::{both, step};

workflow! {
    pub(crate) fn diamond(x: u64) -> u64 {
        let a = step(&x);
        let b = step(&a);
        let c = step(&a);
        both(&b, &c)
    }
}

const RUNS: u32 = 1_000_000;

/// After so many percent of the runs the memory is read.
const LOOKS: &[u32] = &[10, 50, 100];

/// Whoever is slower than this is stopped, and says how far it came.
const LONGEST: Duration = Duration::from_secs(60);

const HEAD: &str = "\
| a diamond, again and again | runs | runs a second | MB before | at 10 % | at 50 % | at 100 % |
|---|---:|---:|---:|---:|---:|---:|
";

pub(super) fn table() -> Result<String, String> {
    let mut table = String::from(HEAD);
    let in_process = async |x| diamond(x).run(&()).await;
    table += &line("`.run(&app)`", in_process)?;
    let engine = Engine::builder().resources(()).build();
    table += &line("`engine.start(..)`", async |x| engine.start(diamond(x)).await)?;
    Ok(table)
}

fn line(name: &str, each: impl AsyncFn(u64) -> Result<u64, Failure>) -> Result<String, String> {
    const MB: f64 = 1e6;
    runtime().block_on(async {
        let mut cells = format!("{:.2}", resident()? as f64 / MB);
        let start = Instant::now();
        let mut runs = 0;
        for percent in LOOKS {
            while runs < RUNS / 100 * percent && start.elapsed() < LONGEST {
                for _ in 0..1000 {
                    black_box(each(black_box(16)).await.map_err(|failure| failure.to_string())?);
                }
                runs += 1000;
            }
            let _ = write!(cells, " | {:.2}", resident()? as f64 / MB);
        }
        let rate = f64::from(runs) / start.elapsed().as_secs_f64();
        Ok(format!("| {name} | {runs} | {rate:.0} | {cells} |\n"))
    })
}

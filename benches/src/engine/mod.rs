//! What it costs to look at the runs of an engine: listeners, collectors, and with the feature `signals` traces and metrics.

mod lineup;
mod ready;
mod yielding;

use std::time::Duration;

use lineup::{HEAD, Lineup, NOTES};

/// Where every run starts.
const SEED: u64 = 16;

/// Measures listeners and collectors, and prints as it goes.
pub(crate) fn run(each: Duration) -> Result<String, String> {
    table(each, &[ready::listeners::lineup, yielding::listeners::lineup])
}

/// Measures traces and metrics, and prints as it goes.
#[cfg(feature = "signals")]
pub(crate) fn signals(each: Duration) -> Result<String, String> {
    let unheard = table(each, &[ready::signals::unheard, yielding::signals::unheard])?;
    // Spans are made and kept, and nobody writes them anywhere: what is left is the cost of making them.
    tracing::subscriber::set_global_default(tracing_subscriber::registry()).map_err(|error| error.to_string())?;
    Ok(unheard + "\n" + &table(each, &[ready::signals::heard, yielding::signals::heard])?)
}

/// Without the feature there is nothing to measure.
#[cfg(not(feature = "signals"))]
pub(crate) fn signals(_: Duration) -> Result<String, String> {
    Err("traces and metrics are measured with `--features signals`, as `cargo xtask bench signals` does".into())
}

/// A lineup is made when its turn comes, as some change the program for all that follow.
fn table(each: Duration, lineups: &[fn() -> Lineup]) -> Result<String, String> {
    let mut table = String::from(HEAD);
    print!("{table}");
    for lineup in lineups {
        let lines = lineup().lines(each)?;
        print!("{lines}");
        table += &lines;
    }
    print!("{NOTES}");
    Ok(table + NOTES)
}

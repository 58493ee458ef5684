//! A workflow whose calls are counted in a file, as the processes that call its nodes are killed.

/// The chapters of the guide are compiled, and run where they need no server.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../../../docs/guide/executors.md")]
    mod executors {}
    #[doc = include_str!("../../../docs/guide/restate.md")]
    mod restate {}
}

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use flowc::{Context, Resources, node, sleep, workflow};

/// What the workers have.
#[derive(Resources)]
pub struct App {
    calls: Calls,
}

/// The file of calls.
pub struct Calls {
    name: String,
    file: PathBuf,
}

impl App {
    /// A worker with this name, and the file where it notes calls.
    pub fn new(name: String, file: PathBuf) -> Self {
        Self { calls: Calls { name, file } }
    }
}

impl Calls {
    /// A line of the file, which no other process divides.
    fn note(&self, what: &str, cx: &Context) -> std::io::Result<()> {
        let mut file = File::options().create(true).append(true).open(&self.file)?;
        file.write_all(format!("{what} {} {} {}\n", self.name, cx.idempotency_key(), cx.step()).as_bytes())
    }
}

/// Takes a while.
#[node]
pub async fn work(number: u64, #[resource] calls: &Calls, #[context] cx: &Context) -> std::io::Result<u64> {
    calls.note("begun", cx)?;
    tokio::time::sleep(Duration::from_millis(100 + number % 7 * 20)).await;
    calls.note("done", cx)?;
    Ok(number * number)
}

workflow! {
    /// Some steps in a row, some side by side, and a pause.
    pub fn errand(first: u64) -> Vec<u64> {
        let one = work(first);
        let two = work(one % 1000);
        let numbers = vec![two % 10, two % 11 + 1, two % 12 + 2, two % 13 + 3, two % 14 + 4, two % 15 + 5];
        #[max(3)]
        let squares = for number in numbers { work(number) };
        let waited = sleep(Duration::from_millis(200));
        #[after(waited)]
        let last = work(first + 1);
        let all: Vec<u64> = squares.into_iter().chain([last]).collect();
        all
    }
}

/// What the workflow `errand` gives.
pub fn expected(first: u64) -> Vec<u64> {
    let square = |number: u64| number * number;
    let two = square(square(first) % 1000);
    let numbers = [two % 10, two % 11 + 1, two % 12 + 2, two % 13 + 3, two % 14 + 4, two % 15 + 5, first + 1];
    numbers.map(square).to_vec()
}

//! What the checks of metrics and displays share: a workflow with something of everything, and the text of Prometheus, read.
//!
//! Prometheus is the real one, from Debian. A test installs it where it is missing and fails, with what to do, where that cannot
//! be done; it never passes without having run.

// This crate is a test: a panic is how it reports.
#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

pub mod prometheus;

/// The chapter of the guide, whose code is compiled.
#[doc = include_str!(concat!(env!("OUT_DIR"), "/observing.md"))]
mod guide {}

use std::collections::BTreeMap;
use std::time::Duration;

use flowc::{Context, Usage, node, workflow};

#[node]
async fn fetch(number: u64, #[context] cx: &Context) -> Result<Vec<u64>, String> {
    tokio::time::sleep(Duration::from_millis(1 + number % 3)).await;
    if number % 7 == 3 {
        return Err(format!("there is no {number}"));
    }
    let items: Vec<u64> = (0..number % 5).collect();
    for item in &items {
        cx.progress(*item, items.len() as u64);
    }
    Ok(items)
}

#[node(retry(attempts = 3, base = "1ms"), timeout = "2s")]
async fn price(item: &u64, #[context] cx: &Context) -> Result<u64, String> {
    cx.emit(format!("pricing {item}"));
    let call = cx.model_call("chat", "tiny", Some("openai"));
    if u64::from(cx.attempt()) <= item % 3 {
        call.failed("503", &"busy");
        return Err("busy".to_owned());
    }
    call.done(Usage::new("tiny").input_tokens(10 + item).output_tokens(5).cost(0.001));
    Ok(item * 10)
}

#[node]
fn sum(prices: &[u64]) -> u64 {
    prices.iter().sum()
}

#[node(timeout = "3ms")]
async fn ship(total: u64) -> u64 {
    let long = if total % 40 == 30 { 60_000 } else { 1 };
    tokio::time::sleep(Duration::from_millis(long)).await;
    total
}

#[node]
fn explode(total: u64) -> u64 {
    assert!(total != 1, "one is too few");
    total
}

#[node]
async fn linger(total: u64) -> u64 {
    tokio::time::sleep(Duration::from_secs(3600)).await;
    total
}

workflow! {
    /// Ships what was priced.
    pub fn dispatch(total: u64) -> u64 {
        let shipped = ship(total);
        shipped
    }
}

workflow! {
    /// An order by its number, which decides how it goes.
    pub fn order(number: u64) -> u64 {
        let items = fetch(number);
        #[max(2)]
        let prices = for item in &items { price(item) };
        let total = sum(&prices);
        match number % 11 {
            4 => explode(1),
            5 => linger(total),
            _ => match catch(dispatch(total)) {
                Ok(sent) => sent,
                Err(_) => explode(total),
            },
        }
    }
}

/// What a lookup is cached by.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Page(pub u64);

impl Page {
    fn key(&self) -> Self {
        self.clone()
    }
}

#[node(cache(key = Page::key, name = "pages"), concurrency(max = 2, name = "shelf"), rate(calls = 100_000, per = "1s", name = "shop"))]
async fn lookup(page: &Page) -> u64 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    page.0
}

#[node(breaker(failures = 2, window = "1m", cooldown = "20ms", name = "model"), concurrency(max = 3, name = "model"), fallback = unknown)]
async fn judge(number: u64) -> Result<u64, String> {
    tokio::time::sleep(Duration::from_millis(1)).await;
    if number % 3 == 0 { Err("the model is down".to_owned()) } else { Ok(number) }
}

fn unknown(_: &flowc::Failure<String>) -> u64 {
    0
}

workflow! {
    /// A question that is looked up and judged, with a policy of every kind.
    pub fn question(number: u64, page: Page) -> u64 {
        let found = lookup(&page);
        let judged = judge(number);
        found + judged
    }
}

/// The series of the text format of Prometheus: each name with its labels, and its value.
pub fn series(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no series: {line}"));
            (name.to_owned(), value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
        })
        .collect()
}

/// The sum of the series of a name whose labels contain all of these.
pub fn total(series: &BTreeMap<String, f64>, name: &str, labels: &[(&str, &str)]) -> f64 {
    let wanted: Vec<String> = labels.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
    series
        .iter()
        .filter(|(key, _)| {
            key.split('{').next() == Some(name) && wanted.iter().all(|label| key.contains(label.as_str()))
        })
        .map(|(_, value)| value)
        .sum()
}

//! `approve`: expenses that wait for a person over days. See README.md.

mod flow;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use flowc::journal::{RunFilter, StoredRun, StoredState};
use flowc::{Delivery, DurableEngine, Engine, Run, RunId, Started, StepState};
use flowc_store::Store;

use flow::{App, Bank, Claim, Decision, expense};

const USAGE: &str = "usage:
  approve start <name> <amount> <purpose>   hand in an expense
  approve list                              all expenses, and what they wait for
  approve approve <name> <by>               agree to one
  approve reject <name> <by> <why>          refuse one
  approve work                              go on with all that can go on";

// One thread: what a run does and what is printed of it do not overlap.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &[&str]) -> Result<(), Box<dyn Error>> {
    match words {
        ["start", name, amount, purpose] => {
            let amount = amount.parse().map_err(|_| format!("`{amount}` is no amount: write a whole number"))?;
            start(Claim { name: (*name).to_owned(), amount, purpose: (*purpose).to_owned() }).await
        }
        ["list"] => list().await,
        ["approve", name, by] => decide(name, by, true, "").await,
        ["reject", name, by, why] => decide(name, by, false, why).await,
        ["work"] => work().await,
        _ => Err(USAGE.into()),
    }
}

fn engine() -> Result<DurableEngine<App>, Box<dyn Error>> {
    let takes = env::var("BANK_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    let bank = Bank { book: "bank.txt".into(), takes: Duration::from_secs(takes) };
    Ok(Engine::builder().resources(App { bank }).journal(Store::open("runs.db")?).build())
}

fn say(name: &str, text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{name}: {text}")
}

/// The name is the key: handing an expense in twice starts one run.
async fn start(claim: Claim) -> Result<(), Box<dyn Error>> {
    let (engine, name) = (engine()?, claim.name.clone());
    match engine.start_once(&name, expense(claim).correlation_id(name.clone())).await? {
        Started::New(run) => go_on(&name, run).await,
        Started::Known(_) => Ok(say(&name, "was handed in before")?),
    }
}

/// Lets a run go on until it is over, or until there is nothing to do but wait.
async fn go_on(name: &str, mut run: Run<expense>) -> Result<(), Box<dyn Error>> {
    while run.next_event().await.is_some() {
        let steps = run.status().steps;
        let active: Vec<_> = steps.iter().filter(|step| step.running > 0).collect();
        if !active.is_empty() && active.iter().all(|step| step.state == StepState::Waiting) {
            let waits = active.iter().find_map(|step| step.waiting.as_ref()).and_then(|waiting| waiting.signal.clone());
            // It stays open in the file.
            run.detach();
            return Ok(say(name, &format!("waits for a {}", waits.as_deref().unwrap_or("while")))?);
        }
    }
    Ok(say(name, &run.await?)?)
}

async fn list() -> Result<(), Box<dyn Error>> {
    let mut runs = engine()?.runs(RunFilter::new().workflow("expense")).await?;
    runs.reverse();
    for run in &runs {
        let [claim]: [Claim; 1] = serde_json::from_str(&run.inputs)?;
        let amount = claim.amount;
        writeln!(io::stdout(), "{:<8} {amount:>4}  {}", claim.name, stands(run)?)?;
    }
    Ok(())
}

fn stands(run: &StoredRun) -> Result<String, Box<dyn Error>> {
    Ok(match (run.state, &run.outcome) {
        (StoredState::Open, _) => match run.waiting.iter().find_map(|wait| wait.signal.as_deref()) {
            Some(signal) => format!("open, waits for a {signal}"),
            None => "open".to_owned(),
        },
        (StoredState::Finished, Some(text)) => serde_json::from_str(text)?,
        (state, text) => format!("{state} {}", text.as_deref().unwrap_or_default()),
    })
}

/// Stores what the person said: the run need not be running.
async fn decide(name: &str, by: &str, agreed: bool, why: &str) -> Result<(), Box<dyn Error>> {
    let engine = engine()?;
    let id = find(&engine, name).await?;
    let decision = Decision { by: by.to_owned(), agreed, why: why.to_owned() };
    // One decision of one person counts once.
    let text = match engine.signal_once(id, by, "decision", decision).await? {
        Delivery::Duplicate => format!("{by} has decided before"),
        _ => format!("{by}'s decision is stored"),
    };
    Ok(say(name, &text)?)
}

async fn find(engine: &DurableEngine<App>, name: &str) -> Result<RunId, Box<dyn Error>> {
    let found = engine.runs(RunFilter::new().correlation_id(name).limit(1)).await?;
    let run = found.first().ok_or_else(|| format!("no expense is called `{name}`: see `approve list`"))?;
    Ok(run.id)
}

async fn work() -> Result<(), Box<dyn Error>> {
    let engine = engine()?;
    for run in engine.resume::<expense>().await? {
        let name = run.status().correlation_id.as_deref().unwrap_or("?").to_owned();
        go_on(&name, run).await?;
    }
    Ok(())
}

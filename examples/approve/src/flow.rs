//! The workflow, and what its steps do.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use flowc::{Context, Resources, node, signal, signal_within, workflow};
use serde::{Deserialize, Serialize};

const THREE_DAYS: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// What somebody wants to have paid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) amount: u32,
    pub(crate) purpose: String,
}

/// What a person says to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) by: String,
    pub(crate) agreed: bool,
    pub(crate) why: String,
}

#[derive(Resources)]
pub(crate) struct App {
    pub(crate) bank: Bank,
}

/// A bank that takes each key once, as real ones do. Its book is a file.
pub(crate) struct Bank {
    pub(crate) book: PathBuf,
    /// How long it takes to answer.
    pub(crate) takes: Duration,
}

impl Bank {
    async fn pay(&self, key: &str, claim: &Claim) -> io::Result<()> {
        let book = fs::read_to_string(&self.book).unwrap_or_default();
        if !book.contains(key) {
            let mut file = OpenOptions::new().append(true).create(true).open(&self.book)?;
            writeln!(file, "paid {} for {} ({key})", claim.amount, claim.name)?;
        }
        tokio::time::sleep(self.takes).await;
        Ok(())
    }
}

fn mail(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "  mail: {text}")
}

/// Asks the person who decides.
#[node]
fn ask(claim: &Claim) -> Result<(), io::Error> {
    mail(&format!("please decide on {}: {} for {}", claim.name, claim.amount, claim.purpose))
}

#[node]
fn remind(claim: &Claim) -> Result<(), io::Error> {
    mail(&format!("{} still waits for you", claim.name))
}

/// If the process is killed in the middle, this is called again: by the key the bank knows that it has paid.
#[node]
async fn pay(claim: &Claim, #[resource] bank: &Bank, #[context] cx: &Context) -> Result<(), io::Error> {
    bank.pay(&cx.idempotency_key(), claim).await
}

workflow! {
    /// Waits for a decision as long as it takes, and reminds once.
    pub(crate) fn expense(claim: Claim) -> String {
        let asked = ask(&claim);
        #[after(asked)]
        let early = signal_within::<Decision>("decision", THREE_DAYS);
        let decision = match early {
            Some(decision) => decision,
            None => {
                let reminded = remind(&claim);
                #[after(reminded)]
                let late = signal::<Decision>("decision");
                late
            }
        };
        if decision.agreed {
            pay(&claim);
            format!("paid {}, {} has agreed", claim.amount, decision.by)
        } else {
            format!("not paid, {} says: {}", decision.by, decision.why)
        }
    }
}

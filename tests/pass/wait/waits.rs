#![deny(warnings)]

use flowc::{Engine, node, signal, signal_within, sleep, workflow};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Approval {
    pub by: String,
}

#[node]
fn ask(amount: u32) -> u32 {
    amount
}

#[node]
fn remind(amount: u32) {
    let _ = amount;
}

workflow! {
    /// Waits for a person, reminds her once, and gives up.
    pub fn approved(amount: u32) -> Option<String> {
        let asked = ask(amount);
        #[after(asked)]
        let first = signal_within::<Approval>("approve", Duration::from_secs(60));
        match first {
            Some(approval) => Some(approval.by),
            None => {
                remind(asked);
                #[timeout("3d")]
                let second = signal::<Approval>(&format!("approve {asked}"));
                #[after(second)]
                let slept = flowc::sleep(Duration::ZERO);
                sleep(Duration::from_millis(1));
                #[after(slept)]
                let _last = ask(asked);
                Some(second.by)
            }
        }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(approved(5));
    run.signal("approve 5", Approval { by: "Ada".to_owned() }).await.unwrap();
    assert_eq!(run.await.unwrap().as_deref(), Some("Ada"));
}

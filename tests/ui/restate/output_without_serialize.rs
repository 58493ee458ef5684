#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn length(text: String) -> usize {
        let receipt = pay(text);
        receipt.0 as usize
    }
}

#[flowc::node]
fn pay(text: String) -> Receipt {
    Receipt(text.len() as u64)
}

fn main() {
    let _ = flowc_restate::Deployment::builder().resources(()).workflow::<length>();
}

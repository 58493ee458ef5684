use flowc::workflow;
use flowc_nodes::{ChatRequest, extract};

struct Invoice {
    total: f64,
}

workflow! {
    fn total(letter: ChatRequest) -> f64 {
        let invoice = extract::<Invoice>(&letter);
        invoice.total
    }
}

fn main() {}

use flowc::workflow;
use flowc_nodes::{ChatRequest, extract};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Invoice {
    total: f64,
}

workflow! {
    fn total(letter: ChatRequest) -> f64 {
        let invoice: Invoice = extract(&letter);
        invoice.total
    }
}

fn main() {}

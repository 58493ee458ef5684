use flowc::workflow;
use flowc_nodes::{ChatRequest, chat};

workflow! {
    fn ask(question: ChatRequest) -> String {
        chat(&question)
    }
}

fn main() {}

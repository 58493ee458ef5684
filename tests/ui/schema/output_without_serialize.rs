#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: String) -> Answer {
        escalate(Question(question))
    }
}

fn serve<S: flowc::schema::JsonInputs + flowc::schema::JsonOutput>() {}

fn main() {
    serve::<answer>();
}

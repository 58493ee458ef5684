#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

#[flowc::node]
fn chat(text: &str, model: &dyn Model) -> String {
    model.complete(text)
}

fn call<S: flowc::schema::JsonInputs>() {}

fn main() {
    call::<chat>();
}

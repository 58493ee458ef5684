#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn call<S: flowc::schema::JsonInputs>() {}

fn main() {
    call::<search>();
}

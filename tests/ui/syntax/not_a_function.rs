#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    struct Answer {
        text: String,
    }
}

fn main() {}

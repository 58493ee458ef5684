#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(number: u32) -> Option<impl ToString> {
        Some(number)
    }
}

fn main() {}

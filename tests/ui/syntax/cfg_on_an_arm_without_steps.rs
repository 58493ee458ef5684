#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(again: u8) -> u8 {
        match again {
            #[cfg(any())]
            1 => 2,
            _ => again,
        }
    }
}

fn main() {}

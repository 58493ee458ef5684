#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(n: u32) -> u32 {
        if n > 1 {
            let less = self::answer(n - 1);
            less
        } else {
            0
        }
    }
}

fn main() {}

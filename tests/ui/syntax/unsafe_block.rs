#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> String {
        let text = unsafe { String::from_utf8_unchecked(query.0.into_bytes()) };
        text
    }
}

fn main() {}

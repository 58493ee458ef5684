#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(text: &str) -> std::borrow::Cow<'_, str> {
        text.into()
    }
}

fn main() {}

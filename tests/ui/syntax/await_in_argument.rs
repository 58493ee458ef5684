#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts { extract(&search(&query).await) }
}

fn main() {}

#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize { catch(search(&query)).map_or(0, |docs| docs.0.len()) }
}

fn main() {}

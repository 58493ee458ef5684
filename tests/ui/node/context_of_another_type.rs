#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

#[flowc::node]
fn count(#[context] _cx: &Query) -> usize {
    1
}

fn main() {}

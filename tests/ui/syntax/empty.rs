#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {}

fn main() {}

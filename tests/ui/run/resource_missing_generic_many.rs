#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query) -> Answer { ask::<M>(&query) }
}

async fn start_it() {
    drop(answer::<Local>(Query(String::new())).run(&()).await);
}

fn main() {
    drop(start_it());
}

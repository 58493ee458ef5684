#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { look_up(&query) }
}

struct Empty;

async fn start_it(app: Empty) {
    drop(answer(Query(String::new())).run(&app).await);
}

fn main() {
    drop(start_it(Empty));
}

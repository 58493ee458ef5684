#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { look_up(&query) }
}

#[derive(flowc::Resources)]
struct Half {
    model: Local,
}

async fn start_it(app: Half) {
    drop(answer(Query(String::new())).run(&app).await);
}

fn main() {
    drop(start_it(Half { model: Local }));
}

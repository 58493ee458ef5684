#![deny(deprecated)]

use flowc::{node, workflow};

#[node(deprecated(since = "1.2.0", note = "use `find`"))]
async fn search(query: &String) -> String {
    query.clone()
}

workflow! {
    fn answer(query: String) -> String {
        search(&query)
    }
}

fn main() {
    let _ = answer(String::new());
}

#![deny(deprecated)]

use flowc::node;

#[node(deprecated(since = "1.2.0", note = "use `find`"))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {
    // What a step of a workflow expands to.
    let query = String::new();
    let _ = <search>::__flowc_input(&query);
}

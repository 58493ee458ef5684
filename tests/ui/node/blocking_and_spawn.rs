use flowc::node;

#[node(blocking, spawn)]
fn search(query: String) -> String {
    query
}

fn main() {}

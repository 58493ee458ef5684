use flowc::node;

#[node(blocking = "yes")]
fn search(query: String) -> String {
    query
}

fn main() {}

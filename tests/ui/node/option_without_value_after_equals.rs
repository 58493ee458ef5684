use flowc::node;

#[node(timeout = , blocking)]
fn search(query: String) -> String {
    query
}

fn main() {}

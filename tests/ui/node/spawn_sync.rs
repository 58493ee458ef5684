use flowc::node;

#[node(spawn)]
fn search(query: String) -> String {
    query
}

fn main() {}

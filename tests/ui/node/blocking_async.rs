use flowc::node;

#[node(blocking)]
async fn search(query: String) -> String {
    query
}

fn main() {}

use flowc::node;

#[node(timeout = 5)]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

use flowc::node;

#[node(retry(attempts = 0))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

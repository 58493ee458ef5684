use flowc::node;

#[node(retry(attempts = "many"))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

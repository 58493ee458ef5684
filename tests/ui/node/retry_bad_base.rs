use flowc::node;

#[node(retry(base = "fast"))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

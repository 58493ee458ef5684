use flowc::node;

#[node(retry(base = "10s", max = "1s"))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

use flowc::node;

#[node(breaker(window = "10s"))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

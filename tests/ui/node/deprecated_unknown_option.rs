use flowc::node;

#[node(deprecated(from = "1.0.0"))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

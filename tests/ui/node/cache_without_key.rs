use flowc::node;

#[node(cache(ttl = "10m"))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

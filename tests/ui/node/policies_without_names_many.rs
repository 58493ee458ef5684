use flowc::node;

#[node(retry(3))]
async fn search(query: String) -> Result<String, String> {
    Ok(query)
}

#[node(rate(10, per = "1s"))]
async fn extract(query: String) -> String {
    query
}

fn main() {}

use flowc::node;

struct Query(String);

#[node(breaker(slow = "0s"))]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

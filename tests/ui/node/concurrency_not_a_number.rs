use flowc::node;

struct Query(String);

#[node(concurrency(max = "four"))]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

use flowc::node;

struct Query(String);

fn weight(query: &Query) -> f64 {
    query.0.len() as f64
}

#[node(cache(key = weight))]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

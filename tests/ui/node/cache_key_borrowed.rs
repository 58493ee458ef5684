use flowc::node;

struct Query(String);

fn text(query: &Query) -> &str {
    &query.0
}

#[node(cache(key = text))]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

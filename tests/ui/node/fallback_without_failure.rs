use flowc::node;

struct Query(String);

fn nothing() -> String {
    String::new()
}

#[node(fallback = nothing)]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

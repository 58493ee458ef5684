use flowc::node;

struct Query(String);

fn nothing(_: &flowc::Failure<String>) -> usize {
    0
}

#[node(fallback = nothing)]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

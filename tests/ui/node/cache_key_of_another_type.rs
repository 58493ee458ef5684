use flowc::node;

struct Query(String);

fn text(text: &str) -> String {
    text.to_owned()
}

#[node(cache(key = text))]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

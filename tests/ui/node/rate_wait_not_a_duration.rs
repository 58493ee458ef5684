use flowc::node;

struct Query(String);

#[node(rate(calls = 1, per = "1s", wait = 5))]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

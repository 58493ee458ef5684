use flowc::node;

struct Query(String);

#[node(
    timeout(total = "1s", attempt = "2s"),
    breaker(cooldown = "1s"),
    rate(calls = 1),
    concurrency(),
    cache(ttl = "1s"),
    fallback
)]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

use flowc::node;

#[node(timeout = "5 parsecs", banana, retry(attempts = 0))]
async fn search(query: &mut String, (a, b): (u8, u8), #[resource] index: String) -> usize {
    usize::from(a + b) + query.len() + index.len()
}

fn main() {}

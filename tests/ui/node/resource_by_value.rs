use flowc::node;

#[node]
async fn search(query: &String, #[resource] index: String) -> usize {
    query.len() + index.len()
}

fn main() {}

use flowc::node;

#[node]
async fn search(query: &String, #[resource(main)] index: &String) -> usize {
    query.len() + index.len()
}

fn main() {}

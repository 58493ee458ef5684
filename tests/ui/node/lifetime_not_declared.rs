use flowc::node;

#[node]
async fn search(query: &'q String) -> usize {
    query.len()
}

fn main() {}

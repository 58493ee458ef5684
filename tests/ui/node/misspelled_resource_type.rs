use flowc::node;

struct Index;

#[node]
async fn search(query: &String, #[resource] index: &Indx) -> usize {
    query.len()
}

fn main() {}

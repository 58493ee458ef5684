use flowc::node;

#[node]
async fn search(query: &mut String) -> usize {
    query.push('?');
    query.len()
}

fn main() {}

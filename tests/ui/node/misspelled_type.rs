use flowc::node;

struct Query;

#[node]
async fn search(query: &Qery) -> usize {
    let _ = query;
    1
}

fn main() {}

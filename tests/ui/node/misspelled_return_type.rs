use flowc::node;

struct Docs;

#[node]
async fn search(query: &String) -> Dogs {
    let _ = query;
    Docs
}

fn main() {}

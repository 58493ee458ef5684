use flowc::node;

struct Docs;

fn key(query: &String) -> String {
    query.clone()
}

#[node(cache(key = key))]
async fn search(query: &String) -> Docs {
    let _ = query;
    Docs
}

fn main() {}

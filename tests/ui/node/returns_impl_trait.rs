use flowc::node;

#[node]
async fn search(query: &String) -> impl std::fmt::Display {
    query.clone()
}

fn main() {}

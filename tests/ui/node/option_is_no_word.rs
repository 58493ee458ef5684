use flowc::node;

#[node("5s")]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

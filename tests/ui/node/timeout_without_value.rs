use flowc::node;

#[node(timeout)]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

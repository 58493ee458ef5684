use flowc::node;

#[node(retry(factor = 0.5))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

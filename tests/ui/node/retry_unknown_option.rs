use flowc::node;

#[node(retry(atempts = 3))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

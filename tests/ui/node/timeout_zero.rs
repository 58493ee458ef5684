use flowc::node;

#[node(timeout = "0s")]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

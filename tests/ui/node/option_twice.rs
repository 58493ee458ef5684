use flowc::node;

#[node(timeout = "5s", timeout = "6s")]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

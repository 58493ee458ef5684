use flowc::node;

#[node(timeout = "5s" retry)]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

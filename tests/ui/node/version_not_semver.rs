use flowc::node;

#[node(version = "v2")]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

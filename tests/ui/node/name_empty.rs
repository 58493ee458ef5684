use flowc::node;

#[node(name = "")]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

use flowc::node;

#[node(banana = 3)]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

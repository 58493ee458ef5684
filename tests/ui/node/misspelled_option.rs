use flowc::node;

#[node(timout = "5s")]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

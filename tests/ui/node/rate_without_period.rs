use flowc::node;

#[node(rate(calls = 10))]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

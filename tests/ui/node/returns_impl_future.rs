use flowc::node;

#[node]
fn search(query: &String) -> impl Future<Output = String> {
    let query = query.clone();
    async move { query }
}

fn main() {}

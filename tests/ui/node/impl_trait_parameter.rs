use flowc::node;

#[node]
async fn search(query: &impl AsRef<str>) -> String {
    query.as_ref().to_owned()
}

fn main() {}

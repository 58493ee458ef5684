use flowc::node;

#[node(deprecated = "use `find`")]
#[deprecated]
async fn search(query: &String) -> String {
    query.clone()
}

fn main() {}

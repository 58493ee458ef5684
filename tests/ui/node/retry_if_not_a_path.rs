use flowc::node;

#[node(retry(if = "transient"))]
async fn search(query: &String) -> Result<String, String> {
    Ok(query.clone())
}

fn main() {}

use flowc::node;

fn is_transient(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::TimedOut
}

#[node(retry(if = is_transient))]
async fn search(query: &String) -> Result<String, String> {
    Ok(query.clone())
}

fn main() {}

use flowc::node;

struct Oops;

#[node]
async fn search(query: &String) -> Result<String, Oops> {
    if query.is_empty() { Err(Oops) } else { Ok(query.clone()) }
}

fn main() {}

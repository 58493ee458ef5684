use flowc::node;

struct Result;

#[node]
async fn search(query: &String) -> Result {
    let _ = query;
    Result
}

fn main() {}

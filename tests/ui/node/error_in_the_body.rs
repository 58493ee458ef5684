use flowc::node;

#[node]
async fn search(query: &String) -> usize {
    let length: usize = query;
    length
}

fn main() {}

use flowc::node;

#[node]
async fn search(
    #[resource]
    #[context]
    index: &String,
) -> usize {
    index.len()
}

fn main() {}

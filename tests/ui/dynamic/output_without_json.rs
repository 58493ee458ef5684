use flowc::dynamic::Registry;
use flowc::node;

struct Found(usize);

#[node]
fn search(word: &str) -> Found {
    Found(word.len())
}

fn main() {
    let _ = Registry::<()>::new().with::<search>();
}

use flowc::dynamic::Registry;
use flowc::{Resources, node};

struct Index;

#[node]
fn search(word: &str, #[resource] index: &Index) -> usize {
    let _ = index;
    word.len()
}

#[derive(Resources)]
struct App {
    name: String,
}

fn main() {
    let _ = Registry::<App>::new().with::<search>();
}

use flowc::node;

use std::cell::Cell;

#[node]
async fn search(query: &String, #[resource] index: &Cell<u8>) -> usize {
    query.len() + usize::from(index.get())
}

fn main() {}

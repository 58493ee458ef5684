use flowc::node;

#[node]
fn search(query: &std::cell::Cell<u8>) -> u8 {
    query.get()
}

fn main() {}

use flowc::node;

#[node]
fn search(query) -> u8 {
    1
}

fn main() {}

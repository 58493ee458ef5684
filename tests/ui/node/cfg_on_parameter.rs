use flowc::node;

#[node]
fn add(a: u8, #[cfg(all())] b: u8) -> u8 {
    a + b
}

fn main() {}

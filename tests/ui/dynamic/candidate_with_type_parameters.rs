use flowc::dynamic::Candidate;
use flowc::node;

#[node]
fn first<T: Clone>(all: &[T]) -> Option<T> {
    all.first().cloned()
}

fn main() {
    let _ = Candidate::of::<first<u32>>();
}

use flowc::dynamic::Registry;

fn search(word: &str) -> usize {
    word.len()
}

fn main() {
    let _ = Registry::<()>::new().with::<search>();
}

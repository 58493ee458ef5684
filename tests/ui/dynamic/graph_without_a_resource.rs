use flowc::dynamic::Graph;
use flowc::node;

struct Index;

#[node]
fn search(word: &str, #[resource] index: &Index) -> usize {
    let _ = index;
    word.len()
}

fn main() {
    let _ =
        Graph::<()>::builder("answer").input::<String>("word").build(|graph, (word,)| graph.add::<search>((&word,)));
}

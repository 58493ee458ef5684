use flowc::{Resources, workflow};
use flowc_nodes::{Hit, VectorStore, embed, search_vectors};

workflow! {
    fn search(texts: Vec<String>) -> Vec<Hit> {
        let vectors = embed(&texts);
        search_vectors(&vectors[0], 5)
    }
}

#[derive(Resources)]
struct App {
    store: Box<dyn VectorStore>,
}

fn run(app: &App) {
    let _ = search(vec!["bread".to_owned()]).run_blocking(app);
}

fn main() {}

use flowc::{Resources, workflow};
use flowc_nodes::{EmbeddingModel, Hit, embed, search_vectors};

workflow! {
    fn search(texts: Vec<String>) -> Vec<Hit> {
        let vectors = embed(&texts);
        search_vectors(&vectors[0], 5)
    }
}

#[derive(Resources)]
struct App {
    embeddings: Box<dyn EmbeddingModel>,
}

fn run(app: &App) {
    let _ = search(vec!["bread".to_owned()]).run_blocking(app);
}

fn main() {}

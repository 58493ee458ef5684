//! The steps between a file and an answer, each with what it takes.

#![deny(warnings)]

use flowc::{Resources, workflow};
use flowc_nodes::{
    Chunk, EmbeddingModel, FileAccess, Hit, SplitOptions, VectorStore, WordIndex, add_vectors, embed, fuse, load_file,
    search_vectors, search_words, split_text,
};

workflow! {
    pub fn fill(path: String, options: SplitOptions) -> Vec<Chunk> {
        let document = load_file(path);
        let chunks = split_text(&document, &options);
        let texts: Vec<String> = chunks.iter().map(|chunk| chunk.text.clone()).collect();
        let vectors = embed(&texts);
        add_vectors(&chunks, &vectors);
        chunks
    }

    pub fn search(question: String) -> Vec<Hit> {
        let by_words = search_words(&question, 10);
        let asked = vec![question.clone()];
        let vectors = embed(&asked);
        let by_vectors = search_vectors(&vectors[0], 10);
        let rankings = vec![by_words, by_vectors];
        fuse(&rankings, 5)
    }
}

#[derive(Resources)]
pub struct App {
    pub files: FileAccess,
    pub words: WordIndex,
    pub embeddings: Box<dyn EmbeddingModel>,
    pub store: Box<dyn VectorStore>,
}

pub fn run(app: &App) {
    let _ = fill("a.md".to_owned(), SplitOptions::characters(400)).run_blocking(app);
    let _ = search("bread".to_owned()).run_blocking(app);
}

fn main() {}

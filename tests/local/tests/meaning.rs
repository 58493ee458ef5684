//! What vectors of a real model mean, alone and in a search.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

use flowc::{Resources, workflow};
use flowc_local_tests::{PASSAGES, model, nearness};
use flowc_nodes::{
    Chunk, EmbeddingModel, Hit, VectorStore, Vectors, WordIndex, add_vectors, embed, fuse, search_vectors, search_words,
};

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

workflow! {
    fn fill(chunks: Vec<Chunk>) -> usize {
        let texts: Vec<String> = chunks.iter().map(|chunk| chunk.text.clone()).collect();
        let vectors = embed(&texts);
        add_vectors(&chunks, &vectors);
        chunks.len()
    }

    fn by_both(question: String) -> Vec<Hit> {
        let by_words = search_words(&question, 3);
        let asked = vec![question.clone()];
        let vectors = embed(&asked);
        let by_vectors = search_vectors(&vectors[0], 3);
        let rankings = vec![by_words, by_vectors];
        fuse(&rankings, 4)
    }
}

#[derive(Resources)]
struct App {
    words: WordIndex,
    embeddings: Box<dyn EmbeddingModel>,
    store: Box<dyn VectorStore>,
}

#[tokio::test]
async fn what_means_the_same_is_near() {
    let model = model(SCRATCH);
    assert_eq!((model.dimension(), model.max_tokens()), (384, 256));
    let texts = ["cat", "kitten", "quarterly revenue", "A cat is an animal that lives with people and hunts mice."];
    let found = model.embed(&texts.map(str::to_owned)).await.unwrap().vectors;
    let (kitten, revenue) = (nearness(&found[0], &found[1]), nearness(&found[0], &found[2]));
    println!("cat and kitten {kitten}, cat and revenue {revenue}");
    // What these weights give; it is far from it where words are put together otherwise, or where what fills a text up counts.
    assert!((kitten - 0.788).abs() < 0.002 && (revenue - 0.170).abs() < 0.002, "{kitten} {revenue}");
    // Beside a longer text, which fills it up, it has the same vector as alone.
    let alone = model.embed(&["cat".to_owned()]).await.unwrap().vectors;
    assert!(nearness(&alone[0], &found[0]) > 0.9999);
}

/// How many of the passages are among the first four for a question of theirs.
async fn found(app: &App, question: fn(&(&'static str, &'static str, &'static str)) -> &'static str) -> (usize, usize) {
    let (mut by_words, mut both) = (0, 0);
    for passage in &PASSAGES {
        let question = question(passage);
        let has = |hits: &[Hit]| hits.iter().any(|hit| hit.chunk.text == passage.0);
        by_words += usize::from(has(&app.words.search(question, 4).unwrap()));
        let hits = by_both(question.to_owned()).run(app).await.unwrap_or_else(|failure| panic!("{failure}"));
        both += usize::from(has(&hits));
    }
    (by_words, both)
}

#[tokio::test]
async fn a_search_by_both_finds_what_words_alone_do_not() {
    let chunks: Vec<Chunk> =
        PASSAGES.iter().enumerate().map(|(line, (text, ..))| Chunk::new(format!("fact-{line}.md"), 0, *text)).collect();
    let (embeddings, store) = (Box::new(model(SCRATCH)), Box::new(Vectors::new()));
    let app = App { words: WordIndex::new(chunks.clone()), embeddings, store };
    assert_eq!(fill(chunks).run(&app).await.unwrap_or_else(|failure| panic!("{failure}")), PASSAGES.len());
    let (own_words, own_both) = found(&app, |passage| passage.1).await;
    let (other_words, other_both) = found(&app, |passage| passage.2).await;
    println!("own words: {own_words} by words, {own_both} by both; other words: {other_words} and {other_both}");
    assert_eq!((own_words, own_both), (PASSAGES.len(), PASSAGES.len()));
    assert!(other_both >= 14 && other_words + 6 <= other_both, "{other_words} by words, {other_both} by both");
}

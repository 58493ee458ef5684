//! Vectors that are made here, by the weights of a real model.

use std::path::{Path, PathBuf};

use flowc::{Resources, workflow};
use flowc_nodes::{
    Chunk, Document, EmbeddingModel, Hit, LocalEmbeddings, ModelErrorKind, SplitOptions, VectorStore, Vectors,
    WordIndex, add_vectors, embed, fuse, search_vectors, search_words, split_text,
};
use flowc_test_peers::minilm;

fn weights() -> PathBuf {
    minilm::folder(Path::new(env!("CARGO_TARGET_TMPDIR")))
}

fn like(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[tokio::test]
async fn what_means_the_same_is_near() {
    let model = LocalEmbeddings::open(weights()).unwrap();
    assert_eq!((model.dimension(), model.max_tokens()), (384, 256));
    let texts = ["a cat", "a kitten", "quarterly revenue grew by 12 percent", "The cat sat on the mat"];
    let found = model.embed(&texts.map(str::to_owned)).await.unwrap().vectors;
    let (kitten, revenue) = (like(&found[0], &found[1]), like(&found[0], &found[2]));
    println!("cat and kitten {kitten}, cat and revenue {revenue}");
    assert!((0.5..0.95).contains(&kitten) && revenue.abs() < 0.15, "{kitten} {revenue}");
    // In one batch with longer texts and alone it is the same vector.
    let alone = model.embed(&["a cat".to_owned()]).await.unwrap().vectors;
    assert!(like(&alone[0], &found[0]) > 0.9999);
}

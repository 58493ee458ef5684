#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp, clippy::cast_precision_loss)]

use std::sync::Arc;

use flowc::{Resources, workflow};
use proptest::prelude::*;

use super::*;
use crate::model::{ChatModel, ChatReply, ChatRequest, Heard, Replying};

fn chunk(source: &str) -> Chunk {
    Chunk::new(source, 0, source)
}

fn sources(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.chunk.source.as_str()).collect()
}

#[test]
fn scores_of_words_are_those_of_bm25() {
    let index = WordIndex::new(["cat cat dog", "dog", "dog dog dog"].map(chunk));
    let hits = index.search("cat", 9).unwrap();
    // By hand: idf = ln(1 + (3 - 1 + 0.5) / (1 + 0.5)), tf = 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / (7 / 3))).
    let by_hand = (1.0_f64 + 2.5 / 1.5).ln() * 2.0 * 2.2 / (2.0 + 1.2 * (0.25 + 0.75 * 3.0 * 3.0 / 7.0));
    assert_eq!((hits.len(), sources(&hits)[0]), (1, "cat cat dog"));
    assert!((hits[0].score - by_hand).abs() < 1e-12, "{} {by_hand}", hits[0].score);
    assert!(index.search("horse", 9).unwrap().is_empty());
    assert_eq!(sources(&index.search("DOG!", 1).unwrap()).len(), 1);
    assert!(WordIndex::default().search("cat", 1).unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_an_error() {
    let index = WordIndex::new([chunk("cat")]);
    assert_eq!(*index.search(" ?! ", 1).unwrap_err().kind(), RetrievalErrorKind::EmptyQuery);
    assert_eq!(*index.search("cat", 0).unwrap_err().kind(), RetrievalErrorKind::NoLimit);
    assert_eq!(*fuse(&[], 0).unwrap_err().kind(), RetrievalErrorKind::NoLimit);
    let store = Vectors::new();
    store.add(&[chunk("a")], &[vec![1.0, 0.0]]).await.unwrap();
    for (vector, kind) in [
        (vec![1.0], RetrievalErrorKind::Dimensions { expected: 2, found: 1 }),
        (vec![f32::NAN, 1.0], RetrievalErrorKind::NoDirection),
        (vec![f32::INFINITY, 1.0], RetrievalErrorKind::NoDirection),
        (vec![0.0, 0.0], RetrievalErrorKind::NoDirection),
    ] {
        assert_eq!(*store.search(&vector, 1).await.unwrap_err().kind(), kind);
        // Nothing is added of what does not fit, the good one before it included.
        let both = [chunk("b"), chunk("c")];
        assert_eq!(*store.add(&both, &[vec![1.0, 1.0], vector]).await.unwrap_err().kind(), kind);
        assert_eq!(store.len(), 1);
    }
    let error = store.add(&[chunk("b")], &[]).await.unwrap_err();
    assert_eq!(error.to_string(), "there are 0 vectors for 1 texts; make one vector for each text, in the same order");
    assert_eq!(*store.search(&[1.0, 0.0], 0).await.unwrap_err().kind(), RetrievalErrorKind::NoLimit);
}

#[tokio::test]
async fn a_text_that_is_there_is_replaced() {
    let store = Vectors::new();
    store.add(&[chunk("a")], &[vec![1.0, 0.0]]).await.unwrap();
    store.add(&[chunk("a")], &[vec![0.0, 2.0]]).await.unwrap();
    let hits = store.search(&[0.0, 1.0], 5).await.unwrap();
    assert_eq!((hits.len(), hits[0].score), (1, 1.0));
}

#[test]
fn what_is_nearly_the_same_is_left_out() {
    let hit = |source: &str, text: &str| Hit::new(Chunk::new(source, 0, text), 1.0);
    let hits = vec![
        hit("a", "the cat sleeps on the warm mat today"),
        hit("b", "The cat sleeps on the warm mat."),
        hit("c", "the dog barks at the mail"),
        hit("d", "???"),
        hit("e", "???"),
        hit("f", "!!!"),
    ];
    assert_eq!(sources(&deduplicate(hits.clone(), 0.8)), ["a", "c", "d", "f"]);
    assert_eq!(sources(&deduplicate(hits, 1.0)), ["a", "b", "c", "d", "f"]);
}

proptest! {
    #[test]
    fn vectors_are_found_by_their_cosine(all in prop::collection::vec(prop::array::uniform4(-9.0_f32..9.0), 1..20)) {
        let all: Vec<Vec<f32>> = all.into_iter().map(Vec::from).filter(|v| v.iter().any(|x| x.abs() > 0.1)).collect();
        prop_assume!(!all.is_empty());
        let chunks: Vec<_> = (0..all.len()).map(|number| chunk(&number.to_string())).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let store = Vectors::new();
        runtime.block_on(store.add(&chunks, &all)).unwrap();
        let hits = runtime.block_on(store.search(&all[0], all.len())).unwrap();
        prop_assert_eq!(hits.len(), all.len());
        prop_assert!((hits[0].score - 1.0).abs() < 1e-5);
        for hit in &hits {
            let other = &all[hit.chunk.source.parse::<usize>().unwrap()];
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
            let cosine = dot(&all[0], other) / (dot(&all[0], &all[0]) * dot(other, other)).sqrt();
            prop_assert!((hit.score - cosine).abs() < 1e-5, "{} {cosine}", hit.score);
        }
        prop_assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
    }

    #[test]
    fn fusion_is_the_sum_over_the_ranks(rankings in prop::collection::vec(prop::collection::vec(0_u8..12, 0..10), 0..5)) {
        let lists: Vec<Vec<Hit>> = rankings
            .iter()
            .map(|ranking| ranking.iter().map(|name| Hit::new(chunk(&name.to_string()), 0.0)).collect())
            .collect();
        let fused = fuse(&lists, 100).unwrap();
        let mut expected = [0.0; 12];
        for ranking in &rankings {
            let mut seen = Vec::new();
            for &name in ranking {
                if !seen.contains(&name) {
                    seen.push(name);
                    expected[usize::from(name)] += 1.0 / (60.0 + seen.len() as f64);
                }
            }
        }
        prop_assert_eq!(fused.len(), expected.iter().filter(|score| **score > 0.0).count());
        for hit in &fused {
            prop_assert!((hit.score - expected[hit.chunk.source.parse::<usize>().unwrap()]).abs() < 1e-12);
        }
        prop_assert!(fused.windows(2).all(|pair| pair[0].score >= pair[1].score));
        // The order of the rankings does not count.
        let mut turned = lists.clone();
        turned.reverse();
        let score = |hits: &[Hit], source: &str| hits.iter().find(|hit| hit.chunk.source == source).map(|hit| hit.score);
        let other = fuse(&turned, 100).unwrap();
        for hit in &fused {
            prop_assert!((score(&other, &hit.chunk.source).unwrap() - hit.score).abs() < 1e-12);
        }
        prop_assert_eq!(fuse(&lists, 3).unwrap(), fused[..fused.len().min(3)].to_vec());
    }

    #[test]
    fn one_ranking_stays_as_it_is(names in prop::collection::hash_set(0_u16..900, 0..40)) {
        let hits: Vec<_> = names.iter().map(|name| Hit::new(chunk(&name.to_string()), 0.0)).collect();
        let fused = fuse(std::slice::from_ref(&hits), 99).unwrap();
        prop_assert_eq!(sources(&fused), sources(&hits));
    }
}

/// Answers what it is told to answer.
struct Says(&'static str);

impl ChatModel for Says {
    fn name(&self) -> &'static str {
        "says"
    }
    fn takes_schema(&self) -> bool {
        true
    }
    fn reply<'a>(&'a self, _: &'a ChatRequest, _: Heard<'a>) -> Replying<'a> {
        Box::pin(async move { Ok(ChatReply::new(self.0)) })
    }
}

workflow! {
    fn ranked(query: String, hits: Vec<Hit>) -> Vec<Hit> {
        rerank(&query, hits, 2)
    }
}

#[derive(Resources)]
struct App {
    reranker: Box<dyn Reranker>,
}

#[tokio::test]
async fn a_model_puts_hits_in_order() {
    let hits: Vec<_> = ["a", "b", "c"].map(|source| Hit::new(chunk(source), 1.0)).into();
    let app = |says| App { reranker: Box::new(ModelReranker::new(Arc::new(Says(says)))) };
    let good = r#"{"scores":[{"passage":2,"score":9},{"passage":0,"score":1},{"passage":1,"score":5.5}]}"#;
    let found = ranked("what?".to_owned(), hits.clone()).run(&app(good)).await.unwrap();
    assert_eq!(sources(&found), ["c", "b"]);
    for (says, why) in [
        (r#"{"scores":[{"passage":2,"score":9}]}"#, "no score for passage 0"),
        (r#"{"scores":[{"passage":3,"score":9}]}"#, "a score for passage 3, and there are 3"),
        (r#"{"scores":[{"passage":0,"score":9},{"passage":0,"score":1}]}"#, "two scores for passage 0"),
        ("no json", "the model that ranks failed"),
    ] {
        let failure = ranked("what?".to_owned(), hits.clone()).run(&app(says)).await.unwrap_err();
        let text = failure.report().to_string();
        assert!(text.contains(why), "{text}");
    }
    let failure = ranked(" ".to_owned(), hits).run(&app(good)).await.unwrap_err();
    assert!(failure.report().to_string().contains("there is no word in the query"));
    assert!(ranked("what?".to_owned(), Vec::new()).run(&app(good)).await.unwrap().is_empty());
}

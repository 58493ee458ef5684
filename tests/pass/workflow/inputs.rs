//! What a workflow takes: values, references, and what is `'static`.
#![deny(warnings)]

use flowc::{Engine, node, workflow};

pub struct Slice<'a>(&'a str);

#[node]
async fn forever(text: &'static str) -> &'static str {
    text
}
#[node]
async fn length(text: &str) -> usize {
    text.len()
}

workflow! {
    fn kept(text: &'static str, words: Vec<&'static str>) -> Vec<&'static str> {
        let first = forever(text);
        let mut all = words;
        #[max(1)]
        loop {
            all.push(first);
            break;
        }
        all
    }

    fn borrowed(texts: &[&str], slice: Slice<'_>, measure: &(dyn Fn(&str) -> usize + Sync)) -> usize {
        let n = length(slice.0);
        n + texts.iter().map(|text| measure(text)).sum::<usize>()
    }

    fn both(long: &'static str, short: &str) -> &'static str {
        let n = length(short);
        if n > 0 { long } else { "" }
    }
}

async fn all() {
    assert_eq!(kept("a", vec!["b"]).run(&()).await.unwrap(), ["b", "a"]);
    let text = "abc".to_owned();
    assert_eq!(borrowed(&[&text], Slice(&text), &|text: &str| text.len()).run(&()).await.unwrap(), 6);
    assert_eq!(both("x", &text).run(&()).await.unwrap(), "x");
    // Nothing is borrowed, so it can be started.
    let engine = Engine::builder().resources(()).build();
    assert_eq!(engine.start(kept("a", Vec::new())).await.unwrap(), ["a"]);
}

fn main() {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(all());
}

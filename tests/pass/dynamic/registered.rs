//! Nodes, generic nodes and workflows, with and without resources.
#![deny(warnings)]

use flowc::dynamic::Registry;
use flowc::{Resources, node, workflow};

struct Index(usize);

#[node(version = "1.4.0")]
fn search(word: &str, #[resource] index: &Index) -> Result<usize, String> {
    if word.is_empty() { Err("no word".to_owned()) } else { Ok(index.0) }
}

#[node]
async fn first<T: Clone>(all: &[T]) -> Option<T> {
    all.first().cloned()
}

#[deprecated(since = "1.3.0", note = "use `search`")]
#[node(version = "1.3.0")]
fn find(word: String) -> usize {
    word.len()
}

workflow! {
    fn both(word: String, other: Option<String>) -> usize {
        let one = search(&word);
        let two = search(other.as_deref().unwrap_or("none"));
        one + two
    }
}

#[derive(Resources)]
struct App {
    index: Index,
}

#[allow(deprecated)]
fn main() {
    let registry = Registry::<App>::new().with::<search>().unwrap();
    let registry = registry.with::<first<String>>().unwrap().with::<both>().unwrap().with::<find>().unwrap();
    assert_eq!(registry.get("find").unwrap().deprecated(), Some("since 1.3.0: use `search`"));
    let app = App { index: Index(3) };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let sum = registry.get("both@1").unwrap().call(serde_json::json!({ "word": "cat" }));
    assert_eq!(runtime.block_on(sum.run(&app)).unwrap(), 6);
    let failed = registry.get("search@^1.2").unwrap().call(serde_json::json!({ "word": "" }));
    let failed = runtime.block_on(failed.run(&app)).unwrap_err().to_string();
    assert!(failed.contains("no word"), "{failed}");
}

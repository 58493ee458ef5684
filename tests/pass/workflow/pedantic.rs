//! What a user writes in a workflow is all that clippy sees of it. `cargo clippy` reads it as a test of its own, too.
#![deny(warnings, clippy::all, clippy::pedantic)]

use flowc::{Resources, node, workflow};

/// A text to search for.
pub struct Query(String);

/// Where it is searched.
pub struct Index(Vec<String>);

#[node]
async fn search(query: &Query, #[resource] index: &Index) -> Result<Vec<String>, String> {
    std::future::ready(()).await;
    Ok(index.0.iter().filter(|text| text.contains(&query.0)).cloned().collect())
}

#[node]
fn shout(text: &str) -> String {
    text.to_uppercase()
}

#[node]
async fn keep(texts: Vec<String>) -> usize {
    std::future::ready(()).await;
    texts.len()
}

workflow! {
    /// Finds, and counts what it found.
    fn count(query: Query, least: usize) -> usize {
        let found = search(&query);
        #[max(2)]
        let loud = for text in &found { shout(text) };
        let first = loud.first().map_or(0, String::len);
        let kept = keep(found);
        if kept < least {
            match catch(search(&query)) {
                Ok(again) => keep(again),
                Err(failure) => failure.step().len(),
            }
        } else {
            first + kept
        }
    }

    /// Repeats, with what it carries.
    fn repeat(query: Query) -> usize {
        let mut total = 0;
        #[max(3)]
        loop {
            let found = search(&query);
            total += found.len();
            if total > 3 {
                break total;
            }
        }
    }

    /// Calls the others.
    fn both(least: usize) -> usize {
        let counted = count(Query(String::from("a")), least);
        let repeated = repeat(Query(String::from("a")));
        counted + repeated
    }
}

#[derive(Resources)]
struct App {
    index: Index,
}

fn main() {
    let app = App { index: Index(vec!["a".to_owned(), "ab".to_owned()]) };
    let total = both(1).run_blocking(&app);
    assert_eq!(total.ok(), Some(7));
}

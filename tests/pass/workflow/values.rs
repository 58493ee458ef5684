//! Every sentence of "Values keep Rust's meaning".
#![deny(warnings)]

use flowc::{node, workflow};

pub struct Docs(Vec<String>);
#[derive(Clone, Copy)]
pub struct Id(u32);

#[node]
async fn load(n: u32) -> Docs {
    Docs((0..n).map(|n| n.to_string()).collect())
}
#[node]
async fn count(docs: &Docs) -> usize {
    docs.0.len()
}
#[node]
async fn keep(docs: Docs) -> usize {
    docs.0.len()
}
#[node]
async fn length(text: &str) -> usize {
    text.len()
}
#[node]
async fn own(text: String) -> usize {
    text.len()
}
#[node]
async fn name(id: Id) -> u32 {
    id.0
}
#[node]
async fn join(left: usize, right: usize) -> usize {
    left + right
}

workflow! {
    fn borrowed_then_moved(n: u32) -> usize {
        let docs = load(n);
        let seen = count(&docs);
        let kept = keep(docs);
        join(seen, kept)
    }

    fn moved_in_different_arms(n: u32) -> usize {
        let docs = load(n);
        if n > 1 { keep(docs) } else { let seen = keep(docs); seen + 1 }
    }

    fn copied(id: Id) -> u32 {
        let first = name(id);
        let second = name(id);
        first + second + id.0
    }

    fn parts(n: u32) -> usize {
        let docs = load(n);
        let Docs(texts) = docs;
        let first = texts.into_iter().next().unwrap_or_default();
        own(first)
    }

    fn partial_move(pair: (String, String)) -> usize {
        let left = own(pair.0);
        let right = own(pair.1);
        left + right
    }

    fn borrows_from_a_binding(n: u32) -> usize {
        let docs = load(n);
        let top = &docs.0[0];
        let text = top.as_str();
        let long = length(text);
        let seen = count(&docs);
        long + seen
    }

    fn borrows_then_moves_elsewhere(n: u32) -> usize {
        let docs = load(n);
        let long = { let top = docs.0[0].as_str(); length(top) };
        let kept = keep(docs);
        long + kept
    }

    fn formats(n: u32) -> String {
        let docs = load(n);
        let id = name(Id(n));
        let text = format!("{id} {} {id:?} {{docs}}", docs.0.len());
        let kept = keep(docs);
        format!("{text} {kept}")
    }

    fn closures(n: u32) -> usize {
        let docs = load(n);
        let long = |limit: usize| docs.0.iter().filter(|text| text.len() > limit).count();
        let many = long(0);
        let seen = count(&docs);
        many + seen
    }

    fn by_ref_match(n: u32) -> usize {
        let docs = load(n);
        let long = match &docs.0[..] {
            [first, ..] => length(first),
            [] => 0,
        };
        long + docs.0.len()
    }

    fn by_ref_for(n: u32) -> usize {
        let docs = load(n);
        #[max(2)]
        let lengths = for text in &docs.0 { length(text) };
        let kept = keep(docs);
        lengths.len() + kept
    }

    fn by_value_for(n: u32) -> Vec<usize> {
        let docs = load(n);
        #[max(n as usize + 1)]
        for text in docs.0 { own(text) }
    }

    fn borrowed_parameter(docs: &Docs, text: &str) -> usize {
        let seen = count(docs);
        let long = length(text);
        seen + long
    }
}

fn main() {
    assert_eq!(borrowed_then_moved(3).run_blocking(&()).unwrap(), 6);
    assert_eq!(moved_in_different_arms(3).run_blocking(&()).unwrap(), 3);
    assert_eq!(copied(Id(2)).run_blocking(&()).unwrap(), 6);
    assert_eq!(parts(3).run_blocking(&()).unwrap(), 1);
    assert_eq!(partial_move(("a".to_owned(), "bc".to_owned())).run_blocking(&()).unwrap(), 3);
    assert_eq!(borrows_from_a_binding(3).run_blocking(&()).unwrap(), 4);
    assert_eq!(borrows_then_moves_elsewhere(3).run_blocking(&()).unwrap(), 4);
    assert_eq!(formats(2).run_blocking(&()).unwrap(), "2 2 2 {docs} 2");
    assert_eq!(closures(2).run_blocking(&()).unwrap(), 4);
    assert_eq!(by_ref_match(2).run_blocking(&()).unwrap(), 3);
    assert_eq!(by_ref_for(2).run_blocking(&()).unwrap(), 4);
    assert_eq!(by_value_for(2).run_blocking(&()).unwrap(), [1, 1]);
    let docs = Docs(vec![String::new()]);
    assert_eq!(borrowed_parameter(&docs, "ab").run_blocking(&()).unwrap(), 3);
}

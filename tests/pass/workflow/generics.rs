//! Type parameters, bounds, where clauses and constants.
#![deny(warnings)]

use std::fmt::Display;

use flowc::{Resources, node, workflow};

pub trait Model: Send + Sync + 'static {
    fn complete(&self, prompt: &str) -> String;
}
pub struct Loud;
impl Model for Loud {
    fn complete(&self, prompt: &str) -> String {
        prompt.to_uppercase()
    }
}

#[node]
async fn ask<M: Model>(prompt: &str, #[resource] model: &M) -> String {
    model.complete(prompt)
}
#[node]
async fn show<T: Display>(value: T) -> String {
    value.to_string()
}
#[node]
fn first<const N: usize>(values: [u32; N]) -> u32 {
    values.first().copied().unwrap_or_default()
}

workflow! {
    fn reply<M: Model>(prompt: String) -> String {
        let text = ask::<M>(&prompt);
        ask::<M>(&text)
    }

    fn both<T, U>(left: T, right: U) -> String
    where
        T: Display,
        U: Display + Clone,
    {
        let left = show::<T>(left);
        let right = show::<U>(right.clone());
        format!("{left} {right}")
    }

    fn start<const N: usize>(values: [u32; N]) -> u32 { first::<N>(values) }

    fn outer(prompt: String) -> String {
        let text = reply::<Loud>(prompt);
        let more = both::<u32, String>(1, text);
        let one = start::<2>([1, 2]);
        format!("{more} {one}")
    }
}

#[derive(Resources)]
struct App {
    model: Loud,
}

fn main() {
    use flowc::Workflow as _;
    assert_eq!(reply::<Loud>::GRAPH.name, reply::GRAPH.name);
    assert_eq!(outer("hi".to_owned()).run_blocking(&App { model: Loud }).unwrap(), "1 HI 1");
    assert_eq!(reply::<Loud>("a".to_owned()).run_blocking(&App { model: Loud }).unwrap(), "A");
}

//! Public nodes of every kind are collected or left out, without a word.
#![deny(warnings)]
#![forbid(unsafe_code)]

use std::sync::Arc;

use flowc::dynamic::{Candidate, ProvidesAll, RegisterError, Registry};
use flowc::{Context, Resources, node};

pub trait Model: Send + Sync {}
pub struct Opaque;

#[node]
pub async fn ask(text: &str, #[resource] model: &dyn Model, #[context] cx: &Context) -> Result<String, String> {
    let _ = model;
    cx.emit(text);
    Ok(text.to_owned())
}
#[node(blocking)]
pub fn read(path: std::path::PathBuf, #[resource] models: Arc<dyn Model>) -> usize {
    let _ = models;
    path.as_os_str().len()
}
#[node]
pub fn opaque(opaque: Opaque) -> Opaque {
    opaque
}
#[node]
pub fn forever(text: &'static str) -> &'static str {
    text
}
#[node]
pub fn first<T: Clone>(all: &[T]) -> Option<T> {
    all.first().cloned()
}
#[node]
pub fn maybe(text: Option<&str>) -> usize {
    text.map_or(0, str::len)
}
#[deprecated]
#[node]
pub fn old(text: &str) -> usize {
    text.len()
}
#[cfg(any())]
#[node]
pub fn never(missing: Missing) {}

#[derive(Resources)]
pub struct App<M: Model + 'static> {
    pub shared: Arc<dyn Model>,
    pub models: Vec<M>,
}

pub fn all<M: Model + 'static>() -> Result<Registry<App<M>>, RegisterError> {
    let mut registry = Registry::new();
    registry.collect()?.offer(&Candidate::of::<ask>())?;
    Ok(registry)
}

fn missing<App: ProvidesAll>(candidate: &Candidate) -> usize {
    candidate.missing::<App>().len()
}

fn main() {
    println!("{}", missing::<()>(&Candidate::of::<read>()));
}

//! Every shape that a node may have.
#![deny(warnings)]

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use flowc::{Resources, node};

pub struct Query(String);
pub struct Docs(Vec<String>);
pub struct Index;
pub struct View<'v>(&'v str);

#[derive(Debug)]
pub struct SearchError;
impl std::fmt::Display for SearchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no index")
    }
}
impl std::error::Error for SearchError {}

/// Finds.
#[node(timeout = "5s", retry(attempts = 4, base = "100ms", max = "2s", jitter), version = "2.1.0")]
pub async fn search(query: &Query, #[resource] index: &Index) -> Result<Docs, SearchError> {
    let Index = index;
    Ok(Docs(vec![query.0.clone()]))
}

#[node]
pub fn rank(docs: &Docs, weights: HashMap<String, (u8, i64)>) -> usize {
    docs.0.len() + weights.len()
}

#[node(blocking)]
fn parse(bytes: Vec<u8>, #[resource] names: Arc<[String]>) -> Result<String, std::string::FromUtf8Error> {
    String::from_utf8(bytes).map(|text| text + names.first().map_or("", String::as_str))
}

#[node(spawn)]
pub(crate) async fn fetch(url: String) -> io::Result<String> {
    Ok(url)
}

#[node(name = "shout")]
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

#[node]
pub async fn views<'a, 'b: 'a>(one: &'a View<'b>, two: View<'_>, three: Option<&'b str>) -> usize {
    one.0.len() + two.0.len() + three.map_or(0, str::len)
}

#[node]
pub fn applied(call: &(dyn Fn(&str) -> usize + Sync), text: fn(&str) -> &str) -> usize {
    call(text(""))
}

#[node]
pub async fn nothing() {}

#[node]
pub fn ignored(_: u8, mut n: u8) -> u8 {
    n += 1;
    n
}

#[node]
pub fn text() -> Result<(), String> {
    Ok(())
}

#[node]
pub fn boxed() -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Ok(())
}

#[node]
pub fn fixed(name: &'static str, list: [u8; 4]) -> &'static str {
    let _ = list;
    name
}

#[derive(Resources)]
struct App {
    index: Index,
    names: Arc<[String]>,
}

fn has<S: flowc::__private::ResourcesFrom<App>>() {}

fn main() {
    let app = App { index: Index, names: Arc::new([]) };
    let _ = (&app.index, &app.names, parse(vec![], Arc::new([])).is_ok());
    (has::<search>(), has::<rank>(), has::<parse>(), has::<fetch>(), has::<upper>(), has::<views>());
    (has::<applied>(), has::<nothing>(), has::<ignored>(), has::<text>(), has::<boxed>(), has::<fixed>());
    let spec = <search as flowc::__private::Step>::SPEC;
    assert_eq!((spec.name, spec.version, spec.docs, spec.line), ("search", "2.1.0", "Finds.", 26));
    assert_eq!((spec.output, spec.error, spec.resources), ("Docs", Some("SearchError"), &["Index"][..]));
    assert_eq!((spec.inputs[0].name, spec.inputs[0].ty), ("query", "&Query"));
    let spec = <fetch as flowc::__private::Step>::SPEC;
    assert_eq!((spec.output, spec.error), ("String", Some("io::Error")));
    assert_eq!(<upper as flowc::__private::Step>::SPEC.name, "shout");
}

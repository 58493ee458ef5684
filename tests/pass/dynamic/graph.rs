//! A graph with all that can be in one.

use flowc::dynamic::{Graph, GraphWorkflow, Handle, Scope};
use flowc::{Engine, Resources, Run, node, workflow};

pub struct Query(pub String);
pub struct Docs(pub Vec<String>);
pub struct Index(pub Vec<String>);

#[node]
pub async fn search(query: &Query, path: &std::path::Path, #[resource] index: &Index) -> Result<Docs, String> {
    let _ = path;
    Ok(Docs(index.0.iter().filter(|text| text.contains(&query.0)).cloned().collect()))
}

#[node]
pub fn length(text: &str) -> usize {
    text.len()
}

#[node]
pub fn none() {}

workflow! {
    pub fn longest(texts: Vec<String>) -> usize {
        #[max(2)]
        let lengths = for text in &texts { length(text) };
        lengths.into_iter().max().unwrap_or_default()
    }
}

#[derive(Resources)]
pub struct App {
    pub index: Index,
}

fn part<'g>(graph: &Scope<'g, App>, query: &Handle<'g, Query>) -> Handle<'g, Vec<String>> {
    let path = graph.constant(std::path::PathBuf::from("notes"));
    let docs = graph.step().named("docs").add::<search>((query, &path));
    graph.map(&docs, |docs| docs.0.clone())
}

type Started = Run<GraphWorkflow<App, (Query, bool), usize>>;

pub fn start(engine: &Engine<App>, query: Query) -> Result<Started, String> {
    let sum = Graph::<App>::builder("sum").input::<Vec<String>>("texts").build(|graph, (texts,)| {
        let lengths = graph.step().each::<length>(4, texts);
        graph.map(&lengths, |lengths| lengths.iter().sum())
    });
    let most = Graph::<App>::builder("most")
        .input::<Vec<String>>("texts")
        .build(|graph, (texts,)| graph.add::<longest>((texts,)));
    let graph = Graph::<App>::builder("answer")
        .docs("Looks for texts.")
        .input::<Query>("query")
        .input::<bool>("is_sum")
        .try_build(|graph, (query, is_sum)| {
            let first = graph.add::<none>(());
            let texts = part(graph, &query);
            let again = graph.cloned(&texts);
            let one = graph.step().named("chosen").after(&first).choose(&is_sum, (&sum, &most), (texts,));
            let other = graph.step().graph(&most, (again,));
            let both = graph.collect([one, other]);
            Ok::<_, String>(graph.map(&both, |both| both.iter().sum()))
        })?;
    println!("{}", graph.spec().to_mermaid());
    Ok(engine.start(graph.call((query, true))))
}

fn main() {
    let _ = start;
}

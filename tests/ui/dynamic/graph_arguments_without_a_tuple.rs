use flowc::dynamic::Graph;
use flowc::node;

struct Query(String);
struct Docs(Vec<String>);

#[node]
fn search(query: &Query) -> Docs {
    Docs(vec![query.0.clone()])
}

#[node]
fn rank(docs: Docs, most: usize) -> Docs {
    Docs(docs.0.into_iter().take(most).collect())
}

fn main() {
    let _ = Graph::<()>::builder("answer").input::<Query>("query").build(|graph, (query,)| graph.add::<search>(&query));
}

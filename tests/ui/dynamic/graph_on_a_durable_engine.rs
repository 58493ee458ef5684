use flowc::dynamic::Graph;
use flowc::node;

#[node]
fn double(number: u32) -> u32 {
    number * 2
}

fn start(engine: &flowc::DurableEngine<()>) {
    let graph =
        Graph::<()>::builder("twice").input::<u32>("number").build(|graph, (number,)| graph.add::<double>((number,)));
    engine.start(graph.call((2,))).detach();
}

fn main() {
    let _ = start;
}

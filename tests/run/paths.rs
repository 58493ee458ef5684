//! Each step has a path of its own, and failures, events and the graph agree on it.

use flowc::{Engine, EventKind, node, workflow};

#[node]
async fn who(name: &str) -> Result<usize, String> {
    if name == "nobody" { Err("who is that?".to_owned()) } else { Ok(name.len()) }
}

workflow! {
    fn greet(first: String, second: String, third: String) -> usize {
        who(&first);
        if second.is_empty() {
            who(&second);
        } else {
            who(&second);
        }
        #[max(1)]
        for name in [&third] {
            who(name);
            who(name);
        }
        #[max(1)]
        for name in [&third] {
            who(name);
        }
        #[max(1)]
        let count = loop {
            let count = who(&third);
            break count;
        };
        count
    }
}

#[tokio::test]
async fn equal_names_are_numbered() {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(greet("a".to_owned(), "b".to_owned(), "c".to_owned()));
    let mut begun = Vec::new();
    while let Some(event) = run.next_event().await {
        if let EventKind::StepStarted { step, .. } = &event.kind {
            begun.push(step.to_string());
        }
    }
    begun.sort();
    let paths = [
        "greet/count[0]/count",
        "greet/for#2[0]/who",
        "greet/for[0]/who",
        "greet/for[0]/who#2",
        "greet/who",
        "greet/who#3",
    ];
    assert_eq!(begun, paths);
    let steps: Vec<&str> = greet::GRAPH
        .vertices
        .iter()
        .filter(|vertex| matches!(vertex.kind, flowc::graph::VertexKind::Step { .. }))
        .map(|vertex| vertex.name)
        .collect();
    assert_eq!(steps, ["who", "who#2", "who#3", "who", "who#2", "who", "count"]);
}

#[tokio::test]
async fn a_failure_names_the_one_that_failed() {
    let failure = greet("a".to_owned(), "nobody".to_owned(), "c".to_owned()).run(&()).await.unwrap_err();
    assert_eq!(failure.step().to_string(), "greet/who#3");
    let failure = greet("a".to_owned(), "b".to_owned(), "nobody".to_owned()).run(&()).await.unwrap_err();
    assert!(failure.step().to_string().starts_with("greet/for"), "{}", failure.step());
}

//! The workflow run in this process, without files and without a model.

use std::time::Duration;

use ask::{
    answer::Answer,
    compose::Writer,
    flow::{self, App},
    load::{Document, Folder, LoadError},
    question::Question,
};
use flowc::Engine;
use flowc::testing::{self, chaos::Chaos};

fn question() -> Question {
    Question::new("How do I bound a map?").unwrap()
}

fn app() -> App {
    App { writer: Writer::Quotes }
}

#[tokio::test]
async fn the_question_is_analysed_while_the_files_are_read() {
    let guide = Folder::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/guide"));
    // The files of the test are few, and on a busy machine a thread could read them before this one goes on.
    let slowly = Chaos::seeded(1).delay(1.0, Duration::from_millis(200)).at(flow::ask::documents);
    let engine = Engine::builder().resources(app()).chaos(&slowly).build();
    let ran = testing::collect(engine.start(flow::ask(question(), guide))).await;
    testing::expect(&ran.events)
        .order(&[&flow::ask::documents, &flow::ask::query])
        .overlap(flow::ask::documents, flow::ask::query)
        .before("ask/passages/split", flow::ask::index);
    assert!(matches!(ran.result.unwrap(), Answer::Quoted { .. }));
}

#[tokio::test]
async fn a_step_can_be_stubbed_so_that_no_folder_is_needed() {
    let engine = Engine::builder()
        .resources(app())
        .stub(flow::ask::documents, |_| {
            Ok(vec![Document { name: "a.md".into(), text: "To bound a map, write a number.".into() }])
        })
        .build();
    match engine.start(flow::ask(question(), Folder::new("nowhere"))).await.unwrap() {
        Answer::Quoted { quotes, .. } => {
            let texts: Vec<_> = quotes.iter().map(|quote| quote.text.as_str()).collect();
            assert_eq!(texts, ["To bound a map, write a number."]);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_failure_of_a_step_keeps_its_own_error() {
    let failure = flow::ask(question(), Folder::new("nowhere")).run(&app()).await.unwrap_err();
    assert_eq!((failure.step(), failure.node()), ("ask/documents", "load"));
    let error = failure.error().unwrap().downcast_ref::<LoadError>().unwrap();
    assert!(matches!(error, LoadError::Missing { path } if path == "nowhere"), "{error}");
}

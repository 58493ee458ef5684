//! The status of a run over the drawing of its workflow.

use std::fs;
use std::path::Path;
use std::time::Duration;

use flowc::{Context, Engine, RunStatus, StepState, node, workflow};

async fn takes(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[node]
async fn rewrite(question: &str) -> String {
    takes(240).await;
    question.to_lowercase()
}
#[node]
async fn search(query: &str) -> Vec<String> {
    takes(730).await;
    (1..=5).map(|page| format!("{query} {page}")).collect()
}
#[node]
async fn summarise(page: &str) -> String {
    takes(900).await;
    page.to_owned()
}
#[node(retry(attempts = 3, base = "2s"))]
async fn illustrate(query: &str) -> Result<String, String> {
    takes(400).await;
    Err(format!("no picture of {query} now"))
}
#[node]
async fn check(notes: &[String], #[context] cx: &Context) -> bool {
    cx.progress(1, 4);
    takes(1_000).await;
    notes.len() > 3
}
#[node]
fn write(notes: &[String], picture: &str) -> String {
    format!("{picture}: {notes:?}")
}
#[node]
fn apologise(question: &str) -> String {
    format!("I do not know {question}")
}

workflow! {
    /// Answers a question with what was found, and a picture.
    pub fn research(question: String) -> String {
        let query = rewrite(&question);
        let pages = search(&query);
        let picture = illustrate(&query);
        #[max(2)]
        let notes = for page in &pages { summarise(page) };
        let enough = check(&notes);
        match enough {
            true => write(&notes, &picture),
            false => apologise(&question),
        }
    }
}

async fn after(millis: u64) -> RunStatus {
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(research("Why do cats purr?".to_owned()));
    takes(millis).await;
    run.status()
}

#[tokio::test(start_paused = true)]
async fn the_picture_of_a_run_at_work_is_the_one_that_is_shown() {
    let status = after(2_400).await;
    let state = |path: &str| status.step(path).unwrap().state;
    assert_eq!(state("research/query"), StepState::Done);
    assert_eq!(state("research/notes/summarise"), StepState::Running);
    assert_eq!(state("research/picture"), StepState::Retrying);
    assert_eq!(state("research/write"), StepState::Pending);
    let svg = status.to_svg();
    for text in ["✓ 240.0 ms", "✓ 730.0 ms", "▶ 2/5 · 1.4 s", "↻ attempt 2 · 2.2 s", "at most 2 · 2 of 5 done"]
    {
        assert!(svg.contains(text), "no `{text}` in {svg}");
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/status.svg");
    if std::env::var_os("FLOWC_PICTURES").is_some_and(|how| how == "write") {
        fs::write(&file, &svg).unwrap();
    }
    assert_eq!(fs::read_to_string(file).unwrap(), svg, "FLOWC_PICTURES=write draws it anew");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_over_says_how_each_step_ended() {
    let status = after(60_000).await;
    for text in [status.to_svg(), status.to_mermaid(), status.to_dot()] {
        // Mermaid's text has the symbols as numbers.
        for part in ["5/5 · 2.7 s", "failed · ", "3 attempts", "skipped", "error · "] {
            assert!(text.contains(part), "no `{part}` in {text}");
        }
        assert!(!text.contains('▶') && !text.contains("#9654;"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_from_elsewhere_is_drawn_over_the_graph_that_it_is_given() {
    let status = after(2_400).await;
    let json = serde_json::to_string(&status).unwrap();
    let read: RunStatus = serde_json::from_str(&json).unwrap();
    assert!(!read.to_svg().contains("summarise"));
    assert_eq!(read.over(&research::GRAPH).to_svg(), status.to_svg());
}

//! Events and status as JSON: the words and units of it are promised.
#![cfg(feature = "serde")]

use crate::support;

use std::collections::BTreeSet;
use std::time::Duration;

use flowc::{Chunk, Context, Engine, Event, EventKind, RunStatus, Usage, node, workflow};
use serde_json::{Value, json};
use support::{App, fails, inc, slow};

struct Token;

#[node(retry(attempts = 2, base = "10ms"))]
fn speak(words: &[String], #[context] cx: &Context) -> Result<usize, String> {
    cx.emit("text");
    cx.emit(vec![1, 2]);
    cx.emit(Chunk::value(Token));
    cx.progress(1, 2);
    cx.usage(Usage::new("tiny").input_tokens(3).output_tokens(4).cost(0.25));
    let call = cx.model_call("chat", "tiny", Some("openai"));
    if cx.attempt() < 2 {
        call.failed("503", &"busy");
        return Err("busy".to_owned());
    }
    call.done(Usage::new("tiny").response_model("tiny-1").finish_reason("stop").input_tokens(3));
    Ok(words.len())
}

workflow! {
    pub fn spoken(words: Vec<String>) -> u64 {
        #[max(2)]
        let all = for _word in 0..2_u64 { speak(&words) };
        match all.len() {
            0 => inc(&0),
            _ => fails("no words", 5),
        }
    }
}

/// Everything that differs from run to run.
fn settled(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        for (key, value) in fields.iter_mut() {
            match key.as_str() {
                "time" | "started" if value.is_string() => *value = json!("TIME"),
                "run" | "id" => *value = json!("ID"),
                _ => *value = settled(value.take()),
            }
        }
    } else if let Value::Array(items) = &mut value {
        for item in items {
            *item = settled(item.take());
        }
    }
    value
}

async fn events() -> (Vec<Event>, RunStatus) {
    let engine = Engine::builder().resources(()).build();
    let mut run = engine.start(spoken(vec!["a".to_owned()]).correlation_id("order 7"));
    let mut events = Vec::new();
    while let Some(event) = run.next_event().await {
        events.push(event);
    }
    (events, run.status())
}

#[tokio::test(start_paused = true)]
async fn what_was_written_reads_the_same() {
    let (mut events, status) = events().await;
    let (app, _) = App::new();
    let engine = Engine::builder().resources(app).event_capacity(1).build();
    for run in [engine.start(slow(1)), engine.start(slow(2))] {
        run.cancel();
        let mut heard = run.events_from(0);
        let _ = run.await;
        while let Some(event) = heard.next().await {
            events.push(event);
        }
    }
    let mut kinds = BTreeSet::new();
    for event in events {
        let text = serde_json::to_string(&event).unwrap();
        let back: Event = serde_json::from_str(&text).unwrap();
        assert_eq!(format!("{back:?}"), format!("{event:?}"), "{text}");
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
        kinds.insert(serde_json::to_value(&event).unwrap()["type"].as_str().unwrap().to_owned());
        if let EventKind::Chunk { data: Chunk::Value(payload), .. } = &back.kind {
            assert!(payload.type_name().ends_with("::Token") && payload.downcast_ref::<Token>().is_none());
        }
    }
    assert!(kinds.len() >= 13 && kinds.contains("lagged"), "{kinds:?}");
    let text = serde_json::to_string(&status).unwrap();
    let back: RunStatus = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), text);
    assert_eq!((back.steps, back.elapsed), (status.steps, Duration::from_millis(15)));
}

/// Keys in the order of their names, also where a crate of the build has switched on that serde_json keeps another one.
fn sorted(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => {
            let map: std::collections::BTreeMap<_, _> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            map.into_iter().collect()
        }
        serde_json::Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[tokio::test(start_paused = true)]
async fn the_json_is_stable() {
    let (events, status) = events().await;
    let mut lines: Vec<String> =
        events.iter().map(|event| sorted(settled(serde_json::to_value(event).unwrap())).to_string()).collect();
    lines.push(sorted(settled(serde_json::to_value(&status).unwrap())).to_string());
    let text = lines.join("\n") + "\n";
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/json/events.jsonl");
    if std::env::var_os("FLOWC_GOLDEN").is_some_and(|how| how == "write") {
        std::fs::write(file, &text).unwrap();
    }
    let golden = std::fs::read_to_string(file).unwrap();
    assert_eq!(text, golden, "it differs from tests/json/events.jsonl; FLOWC_GOLDEN=write writes it anew");
}

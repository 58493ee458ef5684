//! A failed step ends the run: what still runs is dropped, the first failure wins, and the others are in the events.

use flowc::{Engine, EventKind, FailureKind, workflow};

use crate::log::*;

workflow! {
    pub fn fails() -> Value {
        let slow = make("slow", 100);
        let broken = fail("broken", 10);
        let unlike = read("unlike", 100, &slow);
        read_two("end", 1, &unlike, &broken)
    }
    pub fn fails_in_crossing() -> Value {
        let a = make("a", 5);
        let b = make("b", 10);
        let broken = fail_on("broken", 10, &a);
        let slow = read_two("slow", 100, &a, &b);
        let other = read("other", 100, &b);
        let end = read_two("end", 1, &broken, &slow);
        read_two("all", 1, &end, &other)
    }
    // Both fail at the same time.
    pub fn fails_twice() -> Value {
        let one = fail("one", 10);
        let two = fail("two", 10);
        read_two("end", 1, &one, &two)
    }
    pub fn caught() -> String {
        let slow = make("slow", 20);
        let text = match catch(fail("broken", 10)) {
            Ok(value) => value.0,
            Err(failure) => {
                let kept: Option<&String> = failure.error();
                format!("{:?} {} {}", failure.kind(), failure.step(), kept.map_or("", String::as_str))
            }
        };
        format!("{text}; {}", slow.0)
    }
    pub fn caught_workflow() -> String {
        match catch(fails()) {
            Ok(value) => value.0,
            Err(failure) => format!("{} {failure}", failure.step()),
        }
    }
    // Nothing needs what fails.
    pub fn fails_aside() -> Value {
        let _unused = fail("aside", 10);
        make("slow", 100)
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_drops_what_runs() {
    for crossing in [false, true] {
        let app = app();
        let run = if crossing { fails_in_crossing().run(&app).await } else { fails().run(&app).await };
        let failure = run.unwrap_err();
        assert_eq!(failure.kind(), FailureKind::Error);
        assert_eq!(failure.step(), if crossing { "fails_in_crossing/broken" } else { "fails/broken" });
        let at = if crossing { 15 } else { 10 };
        assert_eq!((app.log.at("dropped slow"), app.log.at("ended slow"), app.log.now()), (Some(at), None, at));
    }
}

#[tokio::test(start_paused = true)]
async fn an_effect_that_fails_ends_the_run() {
    let app = app();
    assert_eq!(fails_aside().run(&app).await.unwrap_err().step(), "fails_aside/fail");
    assert_eq!(app.log.now(), 10);
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_wins_and_events_tell_all() {
    let engine = Engine::builder().resources(app()).build();
    let mut run = engine.start(fails_twice());
    let (mut failed, mut last) = (Vec::new(), None);
    while let Some(event) = run.next_event().await {
        match event.kind {
            EventKind::StepFailed { step, .. } => failed.push(step.to_string()),
            EventKind::StepCancelled { step, .. } => failed.push(format!("{step} cancelled")),
            EventKind::RunFailed { step, .. } => last = Some(step.to_string()),
            _ => {}
        }
    }
    assert_eq!(last.as_deref(), Some("fails_twice/one"));
    assert_eq!(failed.first().map(String::as_str), Some("fails_twice/one"));
    assert!(failed.iter().any(|step| step.starts_with("fails_twice/two")), "{failed:?}");
    assert_eq!(run.await.unwrap_err().step(), "fails_twice/one");
}

#[tokio::test(start_paused = true)]
async fn a_caught_failure_keeps_its_type_and_the_others_running() {
    let app = app();
    let text = caught().run(&app).await.unwrap();
    assert_eq!(
        text,
        "Error caught/text broken went wrong; slow".replace("caught/text", &text.split(' ').nth(1).unwrap())
    );
    assert_eq!((app.log.count("ended slow"), app.log.now()), (1, 20));
}

#[tokio::test(start_paused = true)]
async fn a_caught_workflow_is_cancelled_inside() {
    let app = app();
    let text = caught_workflow().run(&app).await.unwrap();
    assert!(text.starts_with("caught_workflow/") && text.contains("fails/broken") | text.contains("/broken"), "{text}");
    assert_eq!((app.log.at("dropped slow"), app.log.now()), (Some(10), 10));
}

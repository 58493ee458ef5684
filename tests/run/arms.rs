//! Only the taken arm runs, and it waits only for what it needs itself.

use flowc::workflow;

use crate::log::*;

workflow! {
    pub fn choose(left: bool) -> Value {
        let quick = make("quick", 1);
        let slow = make("slow", 100);
        if left { read("left", 1, &quick) } else { read("right", 1, &slow) }
    }
    pub fn choose_by_match(number: u64) -> Value {
        let quick = make("quick", 1);
        let slow = make("slow", 100);
        let taken = match number {
            0 => take("left", 1, quick),
            n if n > 5 => read_two("both", 1, &quick, &slow),
            _ => take("right", 1, slow),
        };
        take("end", 1, taken)
    }
    pub fn effect_inside(yes: bool) -> u64 {
        if yes {
            make("effect", 40);
        }
        0
    }
}

#[tokio::test(start_paused = true)]
async fn only_one_arm_and_its_inputs() {
    let app = app();
    assert_eq!(choose(true).run(&app).await.unwrap().0, "left(quick)");
    assert_eq!((app.log.now(), app.log.at("began right")), (2, None));
    // It began all the same, and was cancelled when nobody needed it.
    assert_eq!((app.log.at("began slow"), app.log.at("dropped slow")), (Some(0), Some(2)));

    let app = crate::log::app();
    assert_eq!(choose(false).run(&app).await.unwrap().0, "right(slow)");
    assert_eq!((app.log.now(), app.log.at("began left")), (101, None));
}

#[tokio::test(start_paused = true)]
async fn arms_of_a_match_that_take() {
    for (number, ends, text) in
        [(0, 3, "end<left<quick>>"), (6, 102, "end<both(quick,slow)>"), (1, 102, "end<right<slow>>")]
    {
        let app = app();
        assert_eq!(choose_by_match(number).run(&app).await.unwrap().0, text);
        assert_eq!(app.log.now(), ends, "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_arm_ends_when_its_effects_have() {
    let app = app();
    effect_inside(true).run(&app).await.unwrap();
    assert_eq!((app.log.now(), app.log.count("ended effect")), (40, 1));
    let app = crate::log::app();
    effect_inside(false).run(&app).await.unwrap();
    assert_eq!((app.log.now(), app.log.count("began effect")), (0, 0));
}

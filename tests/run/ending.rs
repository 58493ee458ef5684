//! The run ends when its result and its effects are there; what else runs is cancelled.

use flowc::workflow;

use crate::log::*;

workflow! {
    pub fn effects() -> Value {
        make("effect", 50);
        let _ = make("ignored", 60);
        let _sent = make("sent", 70);
        make("result", 1)
    }
    pub fn unused() -> Value {
        let unused = make("unused", 100);
        #[allow(unused_variables)]
        let behind = read("behind", 100, &unused);
        make("result", 20)
    }
    pub fn unused_in_crossing() -> Value {
        let a = make("a", 5);
        let b = make("b", 10);
        #[allow(unused_variables)]
        let unused = read_two("unused", 500, &a, &b);
        let c = read("c", 10, &a);
        let d = read_two("d", 10, &a, &b);
        read_two("e", 10, &c, &d)
    }
    pub fn effects_in_items() -> usize {
        #[max(4)]
        let all = for number in 0_u64..4 {
            make("effect", 30);
            number
        };
        all.len()
    }
    pub fn effects_in_rounds() -> u64 {
        let mut number = 0_u64;
        #[max(9)]
        loop {
            make("effect", 30);
            number = count("counted", 0, number);
            if number == 3 { break; }
        }
        number
    }
}

#[tokio::test(start_paused = true)]
async fn effects_are_waited_for() {
    let app = app();
    effects().run(&app).await.unwrap();
    assert_eq!(app.log.now(), 70);
    for name in ["ended effect", "ended ignored", "ended sent"] {
        assert_eq!(app.log.count(name), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_nobody_needs_delays_nothing_and_is_dropped() {
    let app = app();
    unused().run(&app).await.unwrap();
    assert_eq!((app.log.now(), app.log.at("began unused"), app.log.at("dropped unused")), (20, Some(0), Some(20)));
    let app = crate::log::app();
    unused_in_crossing().run(&app).await.unwrap();
    assert_eq!((app.log.now(), app.log.at("began unused"), app.log.at("dropped unused")), (30, Some(10), Some(30)));
}

#[tokio::test(start_paused = true)]
async fn items_and_rounds_end_when_their_effects_have() {
    let app = app();
    assert_eq!(effects_in_items().run(&app).await.unwrap(), 4);
    assert_eq!((app.log.now(), app.log.count("ended effect")), (30, 4));
    let app = crate::log::app();
    assert_eq!(effects_in_rounds().run(&app).await.unwrap(), 3);
    assert_eq!((app.log.now(), app.log.count("ended effect")), (90, 3));
}

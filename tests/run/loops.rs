//! `loop`: rounds, carried state, `continue`, and a bound that speaks.

use flowc::{FailureKind, node, workflow};

#[node]
async fn add(state: Vec<u32>, number: u32) -> Vec<u32> {
    tokio::task::yield_now().await;
    let mut state = state;
    state.push(number);
    state
}
#[node]
async fn is_long(state: &Vec<u32>, most: usize) -> bool {
    tokio::task::yield_now().await;
    state.len() >= most
}
#[node]
async fn never(state: &Vec<u32>) -> Result<bool, String> {
    if state.len() == 3 { Err("three".into()) } else { Ok(false) }
}

workflow! {
    fn grow(most: usize) -> Vec<u32> {
        let mut state = add(vec![], 0);
        let mut rounds = 0_u32;
        #[max(5)]
        let reached = loop {
            rounds += 1;
            if rounds % 2 == 0 { continue; }
            if is_long(&state, most) { break state.len(); }
            state = add(state, rounds);
        };
        add(state, rounds + u32::try_from(reached).unwrap_or(0) * 100)
    }
    fn twice() -> Vec<u32> {
        let mut state = add(vec![], 0);
        #[max(9)]
        loop {
            if is_long(&state, 3) { break; }
            state = add(state, 1);
        }
        #[max(9)]
        loop {
            if is_long(&state, 5) { break; }
            state = add(state, 2);
        }
        state
    }
    fn fails_in_round() -> usize {
        let mut state = add(vec![], 0);
        #[max(9)]
        let size = loop {
            if never(&state) { break state.len(); }
            state = add(state, 1);
        };
        size
    }
}

#[tokio::test]
async fn state_is_carried_and_read_after_it() {
    assert_eq!(grow(2).run(&()).await.unwrap(), [0, 1, 203]);
    assert_eq!(twice().run(&()).await.unwrap(), [0, 1, 1, 2, 2]);
}

#[tokio::test]
async fn running_out_names_the_loop_and_its_bound() {
    let failure = grow(99).run(&()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Rounds, "grow/reached"));
    let text = failure.to_string();
    assert!(text.contains("reached") && text.contains('5'), "{text}");
}

#[tokio::test]
async fn a_failure_names_its_round() {
    let failure = fails_in_round().run(&()).await.unwrap_err();
    assert_eq!(failure.step(), "fails_in_round/size[2]/never");
}

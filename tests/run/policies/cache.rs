use flowc::{Engine, node, workflow};

use super::{Act, Bad, S, Script};

fn second(_: &Script, n: &u32) -> u32 {
    *n
}

#[node(cache(key = second, ttl = "10s"))]
async fn look_up(script: &Script, n: u32) -> Result<usize, Bad> {
    script.play().await.map(|call| call * 10 + n as usize)
}
#[node(version = "2.0.0", name = "look_up", cache(key = second, ttl = "10s"))]
async fn look_up_anew(script: &Script, n: u32) -> Result<usize, Bad> {
    script.play().await.map(|call| call * 10 + n as usize)
}
#[node]
async fn plain(script: &Script, name: &str) -> Result<usize, Bad> {
    script.play().await.map(|call| call + name.len())
}

fn whose(_: &Script, name: &str) -> String {
    name.to_owned()
}

workflow! {
    fn cached(script: Script, n: u32) -> usize {
        look_up(&script, n)
    }
    fn anew(script: Script, n: u32) -> usize {
        look_up_anew(&script, n)
    }
    fn all_the_same(script: Script, many: Vec<u32>) -> Vec<usize> {
        #[max(8)]
        let all = for n in many { look_up(&script, n) };
        all
    }
    fn at_a_step(script: Script, name: String) -> usize {
        #[cache(key = whose)]
        let found = plain(&script, &name);
        found
    }
}

#[tokio::test(start_paused = true)]
async fn an_output_is_given_again_until_its_time_is_over() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Give]);
    let found = async |n: u32| engine.start(cached(script.clone(), n)).await.unwrap();
    assert_eq!([found(1).await, found(1).await, found(2).await, found(1).await], [11, 11, 22, 11]);
    tokio::time::advance(S(10)).await;
    assert_eq!(found(1).await, 31);
}

#[tokio::test(start_paused = true)]
async fn parallel_items_make_one_call() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Slow(100)]);
    assert_eq!(engine.start(all_the_same(script.clone(), vec![7; 8])).await.unwrap(), [17; 8]);
    assert_eq!(script.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_kept_and_the_next_one_calls() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::SlowFail(100), Act::Slow(100)]);
    let runs: Vec<_> = (0..3).map(|_| engine.start(cached(script.clone(), 1))).collect();
    let mut ended = Vec::new();
    for run in runs {
        ended.push(run.await.ok());
    }
    assert_eq!((ended, script.calls()), (vec![None, Some(21), Some(21)], 2));
}

#[tokio::test(start_paused = true)]
async fn another_version_of_a_node_has_another_cache() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Give]);
    assert_eq!(engine.start(cached(script.clone(), 1)).await.unwrap(), 11);
    assert_eq!(engine.start(anew(script.clone(), 1)).await.unwrap(), 21);
    assert_eq!(engine.start(cached(script.clone(), 1)).await.unwrap(), 11);
}

#[tokio::test(start_paused = true)]
async fn a_step_may_have_its_own() {
    let engine = Engine::builder().resources(()).build();
    let script = Script::new(&[Act::Give]);
    let found = async |name: &str| engine.start(at_a_step(script.clone(), name.to_owned())).await.unwrap();
    assert_eq!([found("ab").await, found("ab").await, found("c").await], [3, 3, 3]);
    assert_eq!(script.calls(), 2);
}

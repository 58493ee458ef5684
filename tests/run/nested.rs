//! A workflow is a node: to any depth, with paths that say where.

use flowc::{node, workflow};

#[node]
async fn sum(numbers: &Vec<u64>, extra: u64) -> Result<u64, String> {
    tokio::task::yield_now().await;
    let sum = numbers.iter().sum::<u64>() + extra;
    if sum > 100 { Err(format!("{sum} is too much")) } else { Ok(sum) }
}

workflow! {
    fn inner(numbers: &Vec<u64>, extra: u64) -> u64 {
        let total = sum(numbers, extra);
        total
    }
    fn middle(numbers: Vec<u64>) -> Vec<u64> {
        #[max(2)]
        let sums = for extra in 0_u64..3 { inner(&numbers, extra) };
        sums
    }
    fn outer(numbers: Vec<u64>) -> u64 {
        let mut all = vec![0];
        #[max(3)]
        let last = loop {
            let found = middle(numbers.clone());
            if all.len() == 3 { break found; }
            all = found;
        };
        sum(&last, 0)
    }
    // Blocks in items in rounds.
    fn deep(numbers: Vec<u64>) -> u64 {
        let mut rounds = 0_u64;
        #[max(3)]
        let last = loop {
            rounds += 1;
            #[max(2)]
            let notes = for extra in 0_u64..3 {
                let base = extra * 40 * (rounds - 1);
                if extra > 1 {
                    let checked = sum(&numbers, base);
                    checked
                } else {
                    base
                }
            };
            if rounds == 3 { break notes; }
        };
        sum(&last, 0)
    }
}

#[tokio::test]
async fn workflows_in_workflows() {
    assert_eq!(outer(vec![1, 2]).run(&()).await.unwrap(), 3 + 4 + 5);
}

#[tokio::test]
async fn a_path_names_workflows_items_and_rounds() {
    let failure = outer(vec![99]).run(&()).await.unwrap_err();
    assert_eq!(failure.step(), "outer/last[0]/found/sums[2]/inner/total");
    let failure = deep(vec![50]).run(&()).await.unwrap_err();
    assert_eq!(failure.step(), "deep/last[1]/notes[2]/checked");
}

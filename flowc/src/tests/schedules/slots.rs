//! Values on their way between strands, woken by other threads.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, Waker};

use shuttle::future::block_on;
use shuttle::sync::Mutex;
use shuttle::thread;

use super::explore;
use crate::error::Failure;
use crate::run::{Flag, Movable, Passed, Progress, Shared, join3, quiesce};

/// A number that another thread gives.
#[derive(Clone, Default)]
struct Outside(Arc<Mutex<(Option<u64>, Option<Waker>)>>);

impl Outside {
    fn give(&self, value: u64) {
        let waker = {
            let mut inner = self.0.lock().unwrap();
            inner.0 = Some(value);
            inner.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn take(&self) -> u64 {
        poll_fn(|task| {
            let mut inner = self.0.lock().unwrap();
            if let Some(value) = inner.0.take() {
                return Poll::Ready(value);
            }
            inner.1 = Some(task.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// Two strands wait for the outside, the third for both of them: no wake-up is lost, in whichever order they come.
#[test]
fn strands_hand_over_what_other_threads_give() {
    explore(|| {
        let (one, two) = (Outside::default(), Outside::default());
        let givers = [(one.clone(), 3), (two.clone(), 4)];
        let threads: Vec<_> =
            givers.into_iter().map(|(outside, value)| thread::spawn(move || outside.give(value))).collect();
        let sum = block_on(async {
            let progress = Progress::new();
            let (shared, passed, movable, read) = (Shared::new(), Passed::new(), Movable::new(), Flag::new());
            let sum = quiesce(&progress, async {
                let first = async {
                    shared.put(one.take().await, &progress);
                    let seen = *movable.read().await;
                    read.raise(&progress);
                    Ok::<_, Failure>(seen)
                };
                let second = async {
                    let value = two.take().await;
                    passed.put(value, &progress);
                    movable.put(value * 100, &progress);
                    Ok(0)
                };
                let third = async {
                    let sum = *shared.get().await + passed.take().await;
                    read.wait().await;
                    Ok(sum + movable.take().await)
                };
                join3(first, second, third).await
            });
            sum.await
        });
        assert_eq!(sum.ok(), Some((400, 0, 407)));
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

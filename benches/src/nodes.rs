//! The work: as little as possible, so that what is measured is what stands between the nodes.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that lets everything else go first, once. It needs no runtime, so that every contestant can be polled by the
/// same loop.
pub(crate) struct Breath(bool);

impl Breath {
    pub(crate) fn new() -> Self {
        Self(false)
    }
}

impl Future for Breath {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// What a round of a loop decides.
pub(crate) enum Turn {
    More(u64),
    Done(u64),
}

/// Nodes that are done at their first poll.
pub(crate) mod ready {
    use std::hint::black_box;

    use flowc::node;

    pub(crate) use super::Turn;

    #[node]
    pub(crate) async fn step(x: &u64) -> Result<u64, String> {
        Ok(black_box(*x) + 1)
    }

    #[node]
    pub(crate) async fn both(x: &u64, y: &u64) -> Result<u64, String> {
        Ok(black_box(*x) + *y + 1)
    }

    #[node]
    pub(crate) async fn sum(xs: &[u64]) -> Result<u64, String> {
        Ok(black_box(xs).iter().sum::<u64>() + 1)
    }

    #[node]
    pub(crate) async fn turn(x: &u64) -> Result<Turn, String> {
        let x = black_box(*x) + 1;
        Ok(if x % 16 == 10 { Turn::Done(x) } else { Turn::More(x) })
    }
}

/// The same nodes, each waiting once.
pub(crate) mod yielding {
    use std::hint::black_box;

    use flowc::node;

    use super::Breath;
    pub(crate) use super::Turn;

    #[node]
    pub(crate) async fn step(x: &u64) -> Result<u64, String> {
        Breath::new().await;
        Ok(black_box(*x) + 1)
    }

    #[node]
    pub(crate) async fn both(x: &u64, y: &u64) -> Result<u64, String> {
        Breath::new().await;
        Ok(black_box(*x) + *y + 1)
    }

    #[node]
    pub(crate) async fn sum(xs: &[u64]) -> Result<u64, String> {
        Breath::new().await;
        Ok(black_box(xs).iter().sum::<u64>() + 1)
    }

    #[node]
    pub(crate) async fn turn(x: &u64) -> Result<Turn, String> {
        Breath::new().await;
        let x = black_box(*x) + 1;
        Ok(if x % 16 == 10 { Turn::Done(x) } else { Turn::More(x) })
    }
}

//! Virtual time: tokio's clock, paused.
//!
//! While the clock is paused, time stands still as long as any task has work. When all of them wait, the clock jumps to the next timer
//! that one of them waits for. So a test with timeouts, retries and sleeps takes no time, and what it measures is exact.
//!
//! What waits for something else than a timer, a real socket or a thread of a `blocking` node, is no reason for the clock to stand still
//! (tokio holds it back only while blocking work runs). A test with real input and output needs real time.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::time::Instant;

/// Runs a future to its end under a paused clock, in a runtime of its own. `#[tokio::test(start_paused = true)]` does the same.
///
/// ```
/// use std::time::Duration;
/// use flowc::testing::time;
///
/// let taken = time::paused(async {
///     let watch = time::Stopwatch::start();
///     tokio::time::sleep(Duration::from_secs(3600)).await;
///     watch.elapsed()
/// });
/// assert_eq!(taken.unwrap(), Duration::from_secs(3600));
/// ```
///
/// # Errors
/// The runtime could not be made.
pub fn paused<F: Future>(future: F) -> io::Result<F::Output> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
    Ok(runtime.block_on(future))
}

/// Lets so much time pass. All that is due until then happens, each at its own time: unlike `tokio::time::advance`, which moves the clock
/// first and asks afterwards.
pub async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Measures on tokio's clock, the virtual one included.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

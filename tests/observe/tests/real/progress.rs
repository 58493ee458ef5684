//! What the progress display writes where it cannot draw.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use flowc::Engine;
use flowc::observe::Progress;
use flowc_observe_tests::order;

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines of a run, without their times.
async fn lines(number: u64) -> Vec<String> {
    let written = Written::default();
    let engine = Engine::builder().resources(()).collector(Progress::lines(written.clone())).build();
    let _ = engine.start(order(number)).await;
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let time = |word: &&str| word.parse::<f64>().is_err() && *word != "ms" && *word != "s" && *word != "in";
    text.lines().map(|line| line.split_whitespace().filter(time).collect::<Vec<_>>().join(" ")).collect()
}

#[tokio::test(start_paused = true)]
async fn each_step_has_a_line_and_a_map_is_one() {
    let lines = lines(2).await;
    assert_eq!(
        lines,
        [
            "done items",
            "again prices/price attempt",
            "done prices items",
            "done total",
            "done dispatch/shipped",
            "done dispatch",
            "done order"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_of() {
    assert_eq!(lines(3).await, ["failed items", "failed order"]);
}

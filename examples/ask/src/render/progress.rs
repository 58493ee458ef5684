//! The progress display: one line for each step that is done, and one that moves for those that run.

use std::{
    io::{self, Write},
    time::Duration,
};

use super::{Style, harmless};

/// What happened to a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepEvent {
    /// It runs.
    Started {
        /// Its name.
        step: String,
    },
    /// Some of its items are done.
    Progress {
        /// Its name.
        step: String,
        /// How many.
        items: u64,
    },
    /// It is done.
    Finished {
        /// Its name.
        step: String,
        /// How many items it had, if it is a map.
        items: Option<u64>,
        /// How long it took.
        took: Duration,
    },
    /// It failed, and the run with it.
    Failed {
        /// Its name.
        step: String,
    },
}

/// Shows events as they come.
#[derive(Debug)]
pub struct Progress<W> {
    out: W,
    style: Style,
    live: bool,
    running: Vec<Running>,
}

#[derive(Debug)]
struct Running {
    step: String,
    items: Option<u64>,
}

impl<W: Write> Progress<W> {
    /// A display that writes to `out`; `live` if that is a terminal, where a line can be written over.
    pub fn new(out: W, style: Style, live: bool) -> Self {
        Self { out, style, live, running: Vec::new() }
    }

    /// Shows one event.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn show(&mut self, event: StepEvent) -> io::Result<()> {
        let mut text = String::new();
        match event {
            StepEvent::Started { step } => self.running.push(Running { step, items: None }),
            StepEvent::Progress { step, items } => {
                if let Some(running) = self.running.iter_mut().find(|running| running.step == step) {
                    running.items = Some(items);
                }
            }
            StepEvent::Finished { step, items, took } => {
                self.remove(&step);
                let items = items.map(counted).unwrap_or_default();
                let mark = self.style.green("done");
                let took = self.style.dim(&format!("{:>9}", time(took)));
                text = format!("{mark}    {:<12} {items:<12} {took}\n", harmless(&step));
            }
            StepEvent::Failed { step } => {
                self.remove(&step);
                text = format!("{}  {}\n", self.style.red("failed"), harmless(&step));
            }
        }
        if self.live {
            // Back to the line's beginning, and clear it.
            text.insert_str(0, "\r\x1b[2K");
            let line = self.line();
            if !line.is_empty() {
                text.push_str(&self.style.dim(&line));
            }
        }
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Clears the moving line, so that what is written next stands alone.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn close(&mut self) -> io::Result<()> {
        self.running.clear();
        if self.live {
            self.out.write_all(b"\r\x1b[2K")?;
        }
        self.out.flush()
    }

    fn remove(&mut self, step: &str) {
        self.running.retain(|running| running.step != step);
    }

    /// What runs, short enough for one line of any terminal, for a line that wraps cannot be written over.
    fn line(&self) -> String {
        let steps = self.running.iter().map(|running| match running.items {
            Some(items) => format!("{} ({})", running.step, counted(items)),
            None => running.step.clone(),
        });
        let steps: Vec<_> = steps.collect();
        if steps.is_empty() {
            return String::new();
        }
        harmless(&format!("running {}", steps.join(", "))).chars().take(76).collect()
    }
}

fn counted(items: u64) -> String {
    if items == 1 { "1 item".to_owned() } else { format!("{items} items") }
}

fn time(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{:.1} ms", took.as_secs_f64() * 1_000.0)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(live: bool, events: impl IntoIterator<Item = StepEvent>) -> String {
        let mut out = Vec::new();
        let mut progress = Progress::new(&mut out, Style::Plain, live);
        for event in events {
            progress.show(event).unwrap();
        }
        progress.close().unwrap();
        String::from_utf8(out).unwrap()
    }

    fn run() -> [StepEvent; 6] {
        let step = || "split".to_owned();
        [
            StepEvent::Started { step: step() },
            StepEvent::Started { step: "analyse".into() },
            StepEvent::Progress { step: step(), items: 2 },
            StepEvent::Finished { step: step(), items: Some(9), took: Duration::from_micros(1_200) },
            StepEvent::Finished { step: "analyse".into(), items: None, took: Duration::from_secs(2) },
            StepEvent::Failed { step: "search".into() },
        ]
    }

    #[test]
    fn a_file_gets_one_line_for_each_step() {
        let text = shown(false, run());
        let lines: Vec<Vec<_>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            lines,
            [
                vec!["done", "split", "9", "items", "1.2", "ms"],
                vec!["done", "analyse", "2.0", "s"],
                vec!["failed", "search"]
            ]
        );
        assert!(!text.contains('\x1b') && !text.contains('\r'));
    }

    #[test]
    fn a_terminal_sees_what_runs_and_keeps_only_what_is_done() {
        let text = shown(true, run());
        assert!(text.contains("running split (2 items), analyse"), "{text:?}");
        assert!(text.ends_with("\r\x1b[2K"), "{text:?}");
    }

    #[test]
    fn a_name_cannot_steer_the_terminal_and_the_moving_line_stays_short() {
        let step = format!("\x1b[31m{}", "x".repeat(200));
        let text = shown(true, [StepEvent::Started { step }]);
        let moving = text.split("\r\x1b[2K").nth(1).unwrap();
        assert!(!moving.contains('\x1b') && moving.chars().count() <= 76, "{moving:?}");
    }
}

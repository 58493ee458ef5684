//! The live tree, drawn by a thread of the `indicatif` crate.

use std::io::{self, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::tree::{Row, State, Tree};
use super::words::{bar, counted};
use super::{Shared, lock};
use crate::engine::took as time;
use crate::paint::Paint;

const TICK: Duration = Duration::from_millis(80);
const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/// As many lines fit on nearly any terminal.
const LINES: usize = 20;

pub(super) struct Live {
    forest: Shared,
    paint: Paint,
    /// There while any run is running.
    bar: Mutex<Option<ProgressBar>>,
}

impl Live {
    pub(super) fn new(paint: Paint) -> Self {
        Self { forest: Shared::default(), paint, bar: Mutex::new(None) }
    }

    pub(super) fn forest(&self) -> &Shared {
        &self.forest
    }

    /// Begins to draw, or ends with the summary of a run that is over.
    pub(super) fn show(&self, over: Option<&Tree>) {
        let mut bar = lock(&self.bar);
        let Some(over) = over else {
            bar.get_or_insert_with(|| self.begin());
            return;
        };
        let idle = lock(&self.forest).is_empty();
        let summary = drawn(over, self.paint, 0).join("\n") + "\n";
        let print = || {
            // A run goes on though nobody sees how it does.
            let _ = io::stderr().lock().write_all(summary.as_bytes());
        };
        match &*bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
        if idle {
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
        }
    }

    fn begin(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let (forest, paint, since) = (self.forest.clone(), self.paint, Instant::now());
        let tree = move |_: &ProgressState, to: &mut dyn std::fmt::Write| {
            let frame = usize::try_from(since.elapsed().as_millis() / TICK.as_millis()).unwrap_or(0);
            let lines: Vec<String> = lock(&forest).values().flat_map(|tree| drawn(tree, paint, frame)).collect();
            let _ = write!(to, "{}", fitting(lines, paint).join("\n"));
        };
        if let Ok(style) = ProgressStyle::with_template("{tree}") {
            bar.set_style(style.with_key("tree", tree));
        }
        bar.enable_steady_tick(TICK);
        bar
    }
}

/// As many lines as can be drawn over; what is cut is counted.
fn fitting(mut lines: Vec<String>, paint: Paint) -> Vec<String> {
    if lines.len() > LINES {
        let cut = lines.len() - LINES + 1;
        lines.truncate(LINES - 1);
        lines.push(paint.dim(&format!("… and {}", counted(u64::try_from(cut).unwrap_or(u64::MAX), "more line"))));
    }
    lines
}

/// One line of the tree, not yet aligned with the others.
struct Line {
    indent: usize,
    state: State,
    waits: bool,
    name: String,
    more: String,
    took: String,
}

/// The tree of a run: a line for the run, and one for each step.
pub(super) fn drawn(tree: &Tree, paint: Paint, frame: usize) -> Vec<String> {
    let head = Line {
        indent: 0,
        state: tree.state,
        waits: false,
        name: tree.workflow.to_owned(),
        more: String::new(),
        took: time(tree.elapsed()),
    };
    let mut lines = vec![head];
    for row in tree.roots() {
        add(&mut lines, tree, row, "", 1);
    }
    let wide = lines.iter().map(|line| line.indent * 2 + line.name.chars().count()).max().unwrap_or(0);
    let counts = lines.iter().map(|line| line.more.chars().count()).max().unwrap_or(0);
    let aligned = |line: &Line| {
        let (symbol, indent) = (symbol(line, paint, frame), "  ".repeat(line.indent));
        let width = wide - line.indent * 2;
        let name = format!("{:<width$}", line.name);
        let name = if line.indent == 0 { paint.bold(&name) } else { name };
        format!("{indent}{symbol} {name}  {:<counts$}  {}", line.more, paint.dim(&format!("{:>9}", line.took)))
    };
    lines.iter().map(aligned).collect()
}

fn symbol(line: &Line, paint: Paint, frame: usize) -> String {
    match line.state {
        State::Waiting => paint.dim("·"),
        State::Running if line.waits => paint.yellow("↻"),
        State::Running => paint.cyan(SPINNER.get(frame % SPINNER.len()).copied().unwrap_or("·")),
        State::Done => paint.green("✓"),
        State::Failed => paint.red("✗"),
        State::Cancelled => paint.dim("■"),
    }
}

fn add(lines: &mut Vec<Line>, tree: &Tree, row: &Row, above: &str, indent: usize) {
    let mut children = tree.children(row);
    // What holds one step alone needs no line of its own.
    if let (false, Some(only), None) = (row.is_step, children.next(), children.next()) {
        if row.map.is_none() {
            return add(lines, tree, only, &format!("{above}{}/", row.name), indent);
        }
        if only.is_step && only.children.is_empty() {
            let (state, name) = (row.state, format!("{above}{}", row.name));
            let more = more(only, row.map.flatten(), true);
            lines.push(Line { indent, state, waits: only.waits, name, more, took: took(row) });
            return;
        }
    }
    let is_map = row.map.is_some();
    let state = if row.is_step || is_map { row.state } else { together(tree, row) };
    let text = match row.map {
        Some(items) if state != State::Running => items.map(|items| counted(items, "item")).unwrap_or_default(),
        Some(_) => String::new(),
        None => more(row, None, false),
    };
    lines.push(Line {
        indent,
        state,
        waits: row.waits,
        name: format!("{above}{}", row.name),
        more: text,
        took: took(row),
    });
    for child in tree.children(row) {
        add(lines, tree, child, "", indent + 1);
    }
}

/// The state of what only holds steps.
fn together(tree: &Tree, row: &Row) -> State {
    let states: Vec<State> = tree.children(row).map(|child| child.state).collect();
    [State::Running, State::Failed, State::Cancelled, State::Done]
        .into_iter()
        .find(|state| states.contains(state))
        .unwrap_or_default()
}

fn took(row: &Row) -> String {
    row.elapsed().map(time).unwrap_or_default()
}

/// Counts, retries and progress of a step.
fn more(row: &Row, items: Option<u64>, of_map: bool) -> String {
    let mut parts = Vec::new();
    match (of_map, items) {
        (true, Some(items)) if row.state == State::Done && row.done >= items => parts.push(counted(items, "item")),
        (true, Some(items)) => parts.push(format!("{}/{items}", row.done)),
        (true, None) => parts.push(counted(row.done, "item")),
        (false, _) if row.done + row.running > 1 => parts.push(format!("×{}", row.done + row.running)),
        (false, _) => {}
    }
    if row.retries > 0 {
        parts.push(if row.retries == 1 { "1 retry".to_owned() } else { format!("{} retries", row.retries) });
    }
    if let (Some((done, total)), State::Running, false) = (row.progress, row.state, of_map) {
        parts.push(bar(done, total));
    }
    parts.join("  ")
}

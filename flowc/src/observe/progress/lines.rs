//! One line for each step that is over, where nothing can be drawn over.

use super::tree::{Tree, plain};
use super::words::counted;
use crate::engine::took as time;
use crate::event::EventKind;
use crate::observe::Observation;

/// What an event adds to the output: nothing, or a line. `several` says that other runs are running.
pub(super) fn of(event: &Observation<'_>, tree: &Tree, several: bool) -> String {
    let line = |mark: &str, name: &str, more: &str, took: &str| {
        let name = if several && name != tree.workflow { format!("{}/{name}", tree.workflow) } else { name.to_owned() };
        format!("{mark:<7} {name:<12} {more:<12} {took:>9}").trim_end().to_owned() + "\n"
    };
    let named = || event.kind.place().map(|step| plain(step.path())).unwrap_or_default();
    match &event.kind {
        EventKind::StepFinished { elapsed, .. } => {
            let name = named();
            // The steps of a map are told of when the map is done.
            let inside = tree.find(&name).is_none_or(|(_, map)| map.is_some());
            if inside { String::new() } else { line("done", &name, "", &time(*elapsed)) }
        }
        EventKind::MapFinished { items, .. } => {
            let name = named();
            let Some((row, None)) = tree.find(&name) else { return String::new() };
            line("done", &name, &counted(*items, "item"), &time(row.elapsed().unwrap_or_default()))
        }
        EventKind::StepRetried { attempt, delay, .. } => {
            line("again", &named(), &format!("attempt {}", attempt + 1), &format!("in {}", time(*delay)))
        }
        EventKind::StepFailed { elapsed, .. } => {
            let name = named();
            let name = tree.find(&name).and_then(|(_, map)| map).unwrap_or(&name);
            line("failed", name, "", &time(*elapsed))
        }
        EventKind::RunFinished { elapsed } => line("done", tree.workflow, "", &time(*elapsed)),
        EventKind::RunFailed { elapsed, .. } => line("failed", tree.workflow, "", &time(*elapsed)),
        EventKind::RunCancelled { elapsed, .. } => line("cancelled", tree.workflow, "", &time(*elapsed)),
        _ => String::new(),
    }
}

//! From what a run tells to what the display shows: a map is one line, however many items it has.

use std::time::{Duration, SystemTime};

use flowc::EventKind;

use super::StepEvent;

/// Follows one run.
#[derive(Debug, Default)]
pub struct Follow {
    maps: Vec<Map>,
}

/// A map of which an item has begun.
#[derive(Debug)]
struct Map {
    name: String,
    items: u64,
    running: u64,
    began: SystemTime,
    ended: SystemTime,
}

impl Follow {
    /// What an event means for the display, in order.
    pub fn read(&mut self, event: &EventKind, time: SystemTime) -> Vec<StepEvent> {
        match event {
            EventKind::StepStarted { step, .. } => match place(step) {
                Place::Item(map) => self.item_started(map, time),
                Place::Step(step) => {
                    // A map tells of its items only. It is over when a later step begins and none of them runs.
                    let mut shown = self.close(|map| map.running == 0);
                    shown.push(StepEvent::Started { step: step.to_owned() });
                    shown
                }
            },
            EventKind::StepFinished { step, elapsed } => match place(step) {
                Place::Item(map) => self.item_finished(map, time),
                Place::Step(step) => vec![StepEvent::Finished { step: step.to_owned(), items: None, took: *elapsed }],
            },
            EventKind::StepFailed { step, .. } => match place(step) {
                Place::Item(name) => {
                    self.maps.retain(|map| map.name != name);
                    vec![StepEvent::Failed { step: name.to_owned() }]
                }
                Place::Step(step) => vec![StepEvent::Failed { step: step.to_owned() }],
            },
            EventKind::RunFinished { .. } => self.close(|_| true),
            _ => Vec::new(),
        }
    }

    fn item_started(&mut self, name: &str, time: SystemTime) -> Vec<StepEvent> {
        if let Some(map) = self.maps.iter_mut().find(|map| map.name == name) {
            map.running += 1;
            return Vec::new();
        }
        self.maps.push(Map { name: name.to_owned(), items: 0, running: 1, began: time, ended: time });
        vec![StepEvent::Started { step: name.to_owned() }]
    }

    fn item_finished(&mut self, name: &str, time: SystemTime) -> Vec<StepEvent> {
        let Some(map) = self.maps.iter_mut().find(|map| map.name == name) else { return Vec::new() };
        map.items += 1;
        map.running = map.running.saturating_sub(1);
        map.ended = time;
        vec![StepEvent::Progress { step: name.to_owned(), items: map.items }]
    }

    fn close(&mut self, over: impl Fn(&Map) -> bool) -> Vec<StepEvent> {
        let (closed, open) = self.maps.drain(..).partition(|map| over(map));
        self.maps = open;
        let finished = |map: Map| StepEvent::Finished {
            took: map.ended.duration_since(map.began).unwrap_or(Duration::ZERO),
            step: map.name,
            items: Some(map.items),
        };
        closed.into_iter().map(finished).collect()
    }
}

enum Place<'a> {
    /// A step that runs once.
    Step(&'a str),
    /// A step for an item of the map with this name.
    Item(&'a str),
}

/// Reads a path: `ask/hits` is the step `hits`, and `ask/passages[3]/split` an item of the map `passages`.
fn place(path: &str) -> Place<'_> {
    let inside = path.split_once('/').map_or(path, |(_, inside)| inside);
    match inside.split_once('[') {
        Some((map, _)) => Place::Item(map),
        None => Place::Step(inside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(events: &[(&str, &str)]) -> Vec<StepEvent> {
        let (mut follow, mut time) = (Follow::default(), SystemTime::UNIX_EPOCH);
        let mut shown = Vec::new();
        for (kind, step) in events {
            let (step, elapsed) = ((*step).into(), Duration::from_millis(5));
            let event = match *kind {
                "start" => EventKind::StepStarted { step, node: "split" },
                "finish" => EventKind::StepFinished { step, elapsed },
                "fail" => {
                    EventKind::StepFailed { step, elapsed, kind: flowc::FailureKind::Error, error: "gone".into() }
                }
                _ => EventKind::RunFinished { elapsed },
            };
            shown.extend(follow.read(&event, time));
            time += Duration::from_millis(1);
        }
        shown
    }

    fn started(step: &str) -> StepEvent {
        StepEvent::Started { step: step.into() }
    }

    fn finished(step: &str, items: Option<u64>, millis: u64) -> StepEvent {
        StepEvent::Finished { step: step.into(), items, took: Duration::from_millis(millis) }
    }

    #[test]
    fn a_step_is_shown_by_its_binding() {
        let shown = read(&[("start", "ask/hits"), ("finish", "ask/hits")]);
        assert_eq!(shown, [started("hits"), finished("hits", None, 5)]);
    }

    #[test]
    fn a_map_is_one_line_that_ends_before_the_next_step_begins() {
        let map = |items| StepEvent::Progress { step: "passages".into(), items };
        let shown = read(&[
            ("start", "ask/passages[0]/split"),
            ("start", "ask/passages[1]/split"),
            ("finish", "ask/passages[1]/split"),
            ("finish", "ask/passages[0]/split"),
            ("start", "ask/index"),
        ]);
        assert_eq!(shown, [started("passages"), map(1), map(2), finished("passages", Some(2), 3), started("index")]);
    }

    #[test]
    fn a_step_that_overlaps_does_not_end_a_map_and_the_run_does() {
        let shown = read(&[("start", "ask/a[0]/split"), ("start", "ask/b"), ("finish", "ask/a[0]/split"), ("end", "")]);
        assert_eq!(shown.get(1), Some(&started("b")));
        assert_eq!(shown.last(), Some(&finished("a", Some(1), 2)));
    }

    #[test]
    fn a_failed_item_fails_its_map() {
        let shown = read(&[("start", "ask/a[0]/split"), ("fail", "ask/a[0]/split"), ("end", "")]);
        assert_eq!(shown, [started("a"), StepEvent::Failed { step: "a".into() }]);
    }
}

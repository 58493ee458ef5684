//! The status of a run over the drawing of its workflow.

use std::time::Duration;

use super::status::{RunState, RunStatus, StepState, StepStatus};
use crate::graph::{GraphSpec, Tone, Vertex, VertexKind};

impl RunStatus {
    /// The same status over this graph: for one that was read from elsewhere, and so does not know the graph of its workflow.
    #[must_use]
    pub fn over(self, graph: &'static GraphSpec) -> Self {
        Self { graph: Some(graph), ..self }
    }

    /// How the run stands, as a Mermaid flowchart: its workflow, with the state and time of each step.
    pub fn to_mermaid(&self) -> String {
        self.picture(|graph, tones, notes| graph.drawing().tones(tones).notes(notes).to_mermaid())
    }

    /// How the run stands, in the DOT language of Graphviz: its workflow, with the state and time of each step.
    pub fn to_dot(&self) -> String {
        self.picture(|graph, tones, notes| graph.drawing().tones(tones).notes(notes).to_dot())
    }

    /// How the run stands, as an SVG picture that is readable on light and dark pages: its workflow, with the state and time of each
    /// step. A status that was read from elsewhere has to be put [over](Self::over) a graph first; without one there is nothing to draw,
    /// and the picture is empty.
    ///
    /// ```
    /// # use flowc::{Engine, node, workflow};
    /// # #[node]
    /// # fn greet(name: &str) -> String {
    /// #     format!("Hello {name}")
    /// # }
    /// # workflow! {
    /// #     fn hello(name: String) -> String { greet(&name) }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let engine = Engine::builder().resources(()).build();
    /// let ended = engine.start(hello("Ada".to_owned())).ended().await;
    /// assert!(ended.status().to_svg().contains('✓'));
    /// # }
    /// ```
    pub fn to_svg(&self) -> String {
        self.picture(|graph, tones, notes| graph.drawing().tones(tones).notes(notes).to_svg())
    }

    fn picture(
        &self,
        draw: impl FnOnce(&GraphSpec, &dyn Fn(usize, &Vertex) -> Tone, &dyn Fn(usize, &Vertex) -> String) -> String,
    ) -> String {
        const EMPTY: &GraphSpec = &crate::graph::make::graph("", "", ("", 0), &[], &[]);
        let graph = self.graph.unwrap_or(EMPTY);
        let steps = self.by_vertex(graph);
        let of = |index: usize| steps.get(index).copied().flatten();
        let within = |region: usize| {
            let inside = move |index: usize| is_within(graph, index, region);
            steps.iter().enumerate().filter(move |(index, _)| inside(*index)).filter_map(|(_, step)| *step)
        };
        let tones = |index: usize, vertex: &Vertex| match vertex.kind {
            VertexKind::Input { .. } => Tone::Plain,
            VertexKind::Output { .. } => self.tone(),
            VertexKind::Step { .. } => of(index).map_or(Tone::Plain, |step| tone(step.state)),
            _ => together(within(index).map(|step| step.state)),
        };
        let notes = |index: usize, vertex: &Vertex| match vertex.kind {
            VertexKind::Output { .. } => self.news(),
            VertexKind::Step { .. } => of(index).map(news).unwrap_or_default(),
            VertexKind::Map { .. } => {
                let first = within(index).find_map(|step| step.expected.map(|expected| (step.done, expected)));
                first.map(|(done, expected)| format!("{done} of {expected} done")).unwrap_or_default()
            }
            _ => String::new(),
        };
        draw(graph, &tones, &notes)
    }

    /// The status of each vertex that is a step. Two steps may have the same path, so it is the order that tells.
    fn by_vertex(&self, graph: &GraphSpec) -> Vec<Option<&StepStatus>> {
        let mut rest = self.steps.iter();
        let mut next = |vertex: &Vertex| {
            let VertexKind::Step { node, .. } = vertex.kind else { return None };
            let step = rest.next();
            for _ in 0..node.graph.map_or(0, count) {
                rest.next();
            }
            step
        };
        graph.vertices.iter().map(&mut next).collect()
    }

    fn tone(&self) -> Tone {
        match self.state {
            RunState::Running => Tone::Plain,
            RunState::Finished => Tone::Good,
            RunState::Failed(_) => Tone::Bad,
            RunState::Cancelled => Tone::Muted,
        }
    }

    fn news(&self) -> String {
        let took = took(self.elapsed);
        match self.state {
            RunState::Running => String::new(),
            RunState::Finished => format!("✓ {took}"),
            RunState::Failed(kind) => format!("✗ {kind} · {took}"),
            RunState::Cancelled => format!("■ cancelled · {took}"),
        }
    }
}

/// The steps of a graph, and of the graphs of the workflows that it calls.
fn count(graph: &GraphSpec) -> usize {
    let steps = graph.vertices.iter().filter_map(|vertex| match vertex.kind {
        VertexKind::Step { node, .. } => Some(1 + node.graph.map_or(0, count)),
        _ => None,
    });
    steps.sum()
}

fn is_within(graph: &GraphSpec, index: usize, region: usize) -> bool {
    let mut place = graph.vertices.get(index).and_then(|vertex| vertex.place);
    while let Some(inside) = place {
        if inside.region as usize == region {
            return true;
        }
        place = graph.vertices.get(inside.region as usize).and_then(|vertex| vertex.place);
    }
    false
}

fn tone(state: StepState) -> Tone {
    match state {
        StepState::Pending => Tone::Plain,
        StepState::Running => Tone::Active,
        StepState::Retrying | StepState::Waiting => Tone::Warn,
        StepState::Done => Tone::Good,
        StepState::Failed => Tone::Bad,
        StepState::Skipped | StepState::Cancelled => Tone::Muted,
    }
}

/// The tone of what holds steps: that of the one that matters most.
fn together(states: impl Iterator<Item = StepState>) -> Tone {
    let tones: Vec<Tone> = states.map(tone).collect();
    [Tone::Bad, Tone::Active, Tone::Warn, Tone::Good, Tone::Muted]
        .into_iter()
        .find(|tone| tones.contains(tone))
        .unwrap_or_default()
}

/// What stands below the name of a step: how it is, for how long, and how far it is.
fn news(step: &StepStatus) -> String {
    let first = match step.state {
        StepState::Pending => return String::new(),
        StepState::Running => "▶".to_owned(),
        StepState::Retrying => format!("↻ attempt {}", step.attempts),
        StepState::Waiting => match step.waiting.as_ref().and_then(|waiting| waiting.signal.as_deref()) {
            Some(signal) => format!("… waits for {signal}"),
            None => "… waits".to_owned(),
        },
        StepState::Done => "✓".to_owned(),
        StepState::Failed => "✗ failed".to_owned(),
        StepState::Skipped => return "– skipped".to_owned(),
        StepState::Cancelled => "■ cancelled".to_owned(),
    };
    let mut parts = Vec::new();
    match step.expected {
        Some(expected) => parts.push(format!("{}/{expected}", step.done)),
        None if step.calls > 1 => parts.push(format!("×{}", step.calls)),
        None => {}
    }
    if let (StepState::Running, Some((done, total))) = (step.state, step.progress) {
        parts.push(format!("{}%", done.saturating_mul(100).checked_div(total).unwrap_or(100).min(100)));
    }
    parts.extend(step.elapsed.map(took));
    if step.attempts > 1 && step.state != StepState::Retrying {
        parts.push(format!("{} attempts", step.attempts));
    }
    let rest = parts.join(" · ");
    if rest.is_empty() {
        return first;
    }
    // A symbol alone needs nothing between it and what follows.
    let between = if first.chars().count() == 1 { " " } else { " · " };
    format!("{first}{between}{rest}")
}

/// A time as people read it.
pub(crate) fn took(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{:.1} ms", time.as_secs_f64() * 1_000.0),
        1..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        let shown = [1, 1_200, 59_000, 61_000].map(|millis| took(Duration::from_millis(millis)));
        assert_eq!(shown, ["1.0 ms", "1.2 s", "59.0 s", "1 min 01 s"]);
    }
}

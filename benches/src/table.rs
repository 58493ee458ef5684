//! The tables, as Markdown that reads well at a terminal too.

use std::fmt::Write as _;
use std::time::Duration;

use crate::measure::{Measured, Role, Row};

/// How many times the work by hand a workflow may cost.
const TARGET: f64 = 1.05;

/// Below this share of an allocation per step there is none per step: a map makes one for each of its lanes, say.
const NONE: f64 = 0.05;

const NOTES: &str = "
A run by hand and with flowc is polled by the same bare loop;
`task` is both as a task of a tokio runtime with one thread, `engine` is
`engine.start(..)` with no listener against the work by hand as such a task. Times are those of the best batch; ratios
are the medians of the ratios of batches that ran in turn. `pass` is at most 1.05 times by hand, and no allocation per step.
";

/// The other crates, in the order of their columns.
const PEERS: &[&str] = &["async_dag", "dagx", "graph-flow", "dagrs"];

const PEER_NOTES: &str = "
The peers build their graph for each run, as it can run only once (graph-flow builds it once); flowc pays for a task here, which they
do not. `-` is a join of more inputs than the crate passes; branches, loops, bounded maps and sub-workflows are no plain graphs
and stand for themselves above. graph-flow runs layer by layer.
";

/// Measures every row whose title contains the filter, and prints as it goes.
pub(crate) fn run(each: Duration, filter: Option<&str>) -> Result<String, String> {
    let mut table = String::from(
        "| work | nodes | by hand ns | flowc ns | ratio | target | allocs by hand | flowc | target | future by hand | flowc | task ratio | engine ratio |\n\
         |---|---|---:|---:|---:|---|---:|---:|---|---:|---:|---:|---:|\n",
    );
    print!("{table}");
    let mut others = String::new();
    let mut peers = String::new();
    for row in crate::rows::all() {
        let title = format!("{} ({})", row.title, row.pace);
        if filter.is_some_and(|filter| !title.contains(filter)) {
            continue;
        }
        let measured = row.measure(each)?;
        let line = line(&row, &measured);
        print!("{line}");
        table += &line;
        others += &also(&title, &measured);
        peers += &peer_line(&title, &measured);
    }
    let mut rest = String::from(NOTES);
    if !others.is_empty() {
        let _ = write!(
            rest,
            "\n| other ways by hand | | ns | against the best by hand | allocs |\n|---|---|---:|---:|---:|\n{others}"
        );
    }
    if !peers.is_empty() {
        let _ = write!(
            rest,
            "{PEER_NOTES}\n| ns, allocations, times slower | flowc as a task | {} | ahead of all |\n|---|---:|{}---|\n{peers}",
            PEERS.join(" | "),
            "---:|".repeat(PEERS.len())
        );
    }
    print!("{rest}");
    Ok(table + &rest)
}

fn mark(pass: bool) -> &'static str {
    if pass { "pass" } else { "miss" }
}

fn find(measured: &[Measured], role: Role) -> Option<&Measured> {
    measured.iter().find(|one| one.role == role)
}

fn line(row: &Row, measured: &[Measured]) -> String {
    let mut line = String::new();
    let (Some(hand), Some(flow)) = (find(measured, Role::Hand), find(measured, Role::Flow)) else { return line };
    let ratio = |role| find(measured, role).map_or_else(String::new, |one| format!("{:.2}", one.ratio));
    let size = |one: &Measured| one.size.map_or_else(String::new, |size| size.to_string());
    let per_step = flow.allocations as f64 / f64::from(row.steps);
    let _ = writeln!(
        line,
        "| {} | {} | {:.1} | {:.1} | {:.2} | {} | {} | {} | {} | {} | {} | {} | {} |",
        row.title,
        row.pace,
        hand.least,
        flow.least,
        flow.ratio,
        mark(flow.ratio <= TARGET),
        hand.allocations,
        flow.allocations,
        mark(per_step < NONE),
        size(hand),
        size(flow),
        ratio(Role::FlowSpawned),
        ratio(Role::Engine),
    );
    line
}

fn also(title: &str, measured: &[Measured]) -> String {
    let mut lines = String::new();
    for one in measured.iter().filter(|one| one.role == Role::Also) {
        let _ =
            writeln!(lines, "| {} | {title} | {:.1} | {:.2} | {} |", one.name, one.least, one.ratio, one.allocations);
    }
    lines
}

/// A line of the table of peers: every crate that can do the work of the row, and how many times faster flowc is.
fn peer_line(title: &str, measured: &[Measured]) -> String {
    let mut line = String::new();
    let peers: Vec<_> = measured.iter().filter(|one| one.role == Role::Peer).collect();
    let Some(flow) = find(measured, Role::FlowSpawned).filter(|_| !peers.is_empty()) else { return line };
    let _ = write!(line, "| {title} | {:.0}, {} |", flow.least, flow.allocations);
    for name in PEERS {
        match peers.iter().find(|one| one.name == *name) {
            Some(peer) => {
                let _ = write!(line, " {:.0}, {}, {:.1}x |", peer.least, peer.allocations, peer.ratio);
            }
            None => line += " - |",
        }
    }
    let _ = writeln!(line, " {} |", mark(peers.iter().all(|peer| peer.ratio > 1.0)));
    line
}

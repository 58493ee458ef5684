//! Which contestants stand in which row.

use std::hint::black_box;
use std::sync::Arc;

use super::{PACE, flows, flows_wide, hand};
use crate::measure::{Row, in_task, spawned, under_engine};

/// Where every run starts. The loop of the benchmark ends after ten rounds from here.
const SEED: u64 = 16;

macro_rules! row {
    ($title:literal, $steps:literal, $hand:ident, $flow:path) => {
        Row::new($title, PACE, $steps)
            .hand(in_task("by hand", || hand::$hand(black_box(SEED))))
            .flow(in_task("flowc", || $flow(black_box(SEED)).run(&())))
            .spawned(spawned("by hand, spawned", || hand::$hand(black_box(SEED))))
            .flow_spawned(spawned("flowc, spawned", || $flow(black_box(SEED)).run(&())))
            .engine(under_engine("flowc, engine", |engine| engine.start($flow(black_box(SEED)))))
    };
}

pub(crate) fn rows() -> Vec<Row> {
    let rows = vec![
        row!("chain of 10", 10, chain, flows::chain),
        row!("diamond", 4, diamond, flows::diamond),
        row!("N-shape", 4, n_shape, flows::n_shape),
        row!("64 in 8 layers, 2 each", 64, layers, flows_wide::layers),
        row!("64 in 8 layers, all each", 64, dense, flows_wide::dense),
        row!("fan-out 100 + join", 101, fan, flows_wide::fan),
        map(),
        row!("branch", 3, branch, flows::branch),
        row!("loop of 10", 10, repeat, flows::repeat),
        row!("sub-workflow depth 3", 6, nested, flows::nested),
    ];
    #[cfg(feature = "peers")]
    let rows = rows
        .into_iter()
        .map(|row| {
            let peers = super::peers::contestants(row.title, SEED);
            row.peers(peers)
        })
        .collect();
    rows
}

fn map() -> Row {
    let items: Arc<Vec<u64>> = Arc::new((0..1000).collect());
    let give = move || {
        let items = Arc::clone(&items);
        move || Arc::clone(black_box(&items))
    };
    let [lanes, buffered, flow, spawned_hand, spawned_flow, engine] = std::array::from_fn(|_| give());
    Row::new("map of 1000, 8 at once", PACE, 1000)
        .hand(in_task("by hand, lanes", move || hand::map_tuned(lanes())))
        .also(in_task("by hand, `buffered`", move || hand::map(buffered())))
        .flow(in_task("flowc", move || flows::map(flow()).run(&())))
        .spawned(spawned("by hand, spawned", move || hand::map_tuned(spawned_hand())))
        .flow_spawned(spawned("flowc, spawned", move || flows::map(spawned_flow()).run(&())))
        .engine(under_engine("flowc, engine", move |started| started.start(flows::map(engine()))))
}

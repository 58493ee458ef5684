//! Graphs of any shape give what the same steps give one after the other.

use std::collections::HashMap;

use proptest::prelude::*;

use crate::Engine;
use crate::dynamic::{Graph, Handle};

/// A step: how often it lets others go first, the values that it is lent, and one that it is given.
#[derive(Debug, Clone)]
struct Shape {
    pauses: u8,
    lent: [usize; 2],
    given: Option<usize>,
}

#[flowc::node]
async fn mix(left: &u64, right: &u64, pauses: u8) -> u64 {
    for _ in 0..pauses {
        tokio::task::yield_now().await;
    }
    mixed(*left, *right)
}

#[flowc::node]
async fn mix_in(left: &u64, right: &u64, own: u64, pauses: u8) -> u64 {
    for _ in 0..pauses {
        tokio::task::yield_now().await;
    }
    mixed(mixed(*left, *right), own)
}

fn mixed(left: u64, right: u64) -> u64 {
    left.rotate_left(7) ^ right.wrapping_mul(31).wrapping_add(1)
}

/// The same by hand, and which values are left at the end.
fn plain(input: u64, shapes: &[Shape]) -> Vec<u64> {
    let mut values = HashMap::from([(0, input)]);
    for (index, shape) in shapes.iter().enumerate() {
        let [left, right] = shape.lent.map(|at| values[&at]);
        let given = shape.given.and_then(|at| values.remove(&at));
        let value = given.map_or(mixed(left, right), |own| mixed(mixed(left, right), own));
        values.insert(index + 1, value);
    }
    let mut left: Vec<_> = values.into_iter().collect();
    left.sort_unstable();
    left.into_iter().map(|(_, value)| value).collect()
}

fn graph(shapes: &[Shape]) -> Graph<(), (u64,), Vec<u64>> {
    Graph::<()>::builder("random").input::<u64>("input").build(|graph, (input,)| {
        let mut values: HashMap<usize, Handle<'_, u64>> = HashMap::from([(0, input)]);
        for (index, shape) in shapes.iter().enumerate() {
            let pauses = graph.constant(shape.pauses);
            let given = shape.given.and_then(|at| values.remove(&at));
            let [left, right] = shape.lent.map(|at| values.get(&at));
            let step = graph.step().named(format!("step{index}"));
            // What it is given it cannot be lent: then a copy is given.
            let value = match (left, right, given) {
                (Some(left), Some(right), None) => step.add::<mix>((left, right, pauses)),
                (Some(left), Some(right), Some(own)) => step.add::<mix_in>((left, right, own, pauses)),
                (left, right, Some(own)) => {
                    let copy = graph.cloned(&own);
                    let (left, right) = (left.unwrap_or(&copy), right.unwrap_or(&copy));
                    step.add::<mix_in>((left, right, own, pauses))
                }
                _ => unreachable!("only what was given away is gone"),
            };
            values.insert(index + 1, value);
        }
        let mut left: Vec<_> = values.into_iter().collect();
        left.sort_unstable_by_key(|(index, _)| *index);
        graph.collect(left.into_iter().map(|(_, handle)| handle))
    })
}

/// Steps whose values are there when they need them.
fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    proptest::collection::vec((0..4_u8, any::<[prop::sample::Index; 3]>(), any::<bool>()), 1..30).prop_map(|drawn| {
        let mut there = vec![0];
        drawn
            .into_iter()
            .enumerate()
            .map(|(index, (pauses, at, takes))| {
                let lent = [*at[0].get(&there), *at[1].get(&there)];
                let given = takes.then(|| *at[2].get(&there));
                there.retain(|value| Some(*value) != given);
                there.push(index + 1);
                Shape { pauses, lent, given }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_gives_what_its_steps_give_in_turn(input in any::<u64>(), shapes in shapes()) {
        let (expected, graph) = (plain(input, &shapes), graph(&shapes));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        prop_assert_eq!(runtime.block_on(graph.call((input,)).run(&())).unwrap(), expected.clone());
        prop_assert_eq!(runtime.block_on(async {
            Engine::builder().resources(()).build().start(graph.call((input,))).await.unwrap()
        }), expected);
    }
}

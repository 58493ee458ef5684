//! Tuples, structs, guards, `if let`, `else if let`, chains, and type annotations.
#![deny(warnings)]

use flowc::{node, workflow};

pub struct Point {
    x: i32,
    y: i32,
}
pub enum Shape {
    Dot(Point),
    Line { from: Point, to: Point },
    Empty,
}

#[node]
async fn read(n: i32) -> (i32, Point) {
    (n, Point { x: n, y: n + 1 })
}
#[node]
async fn classify(n: i32) -> Shape {
    match n {
        0 => Shape::Empty,
        1 => Shape::Dot(Point { x: 1, y: 1 }),
        _ => Shape::Line { from: Point { x: 0, y: 0 }, to: Point { x: n, y: n } },
    }
}
#[node]
async fn double(n: i32) -> i32 {
    n * 2
}
#[node]
async fn find(n: i32) -> Option<i32> {
    (n > 0).then_some(n)
}

workflow! {
    fn tuples(n: i32) -> i32 {
        let (count, Point { x, y: height }) = read(n);
        let wide = double(x);
        let (low, _) = (count, height);
        let [first, .., last] = [low, wide, height];
        first + last
    }

    fn arms(n: i32) -> i32 {
        match classify(n) {
            Shape::Dot(Point { x, .. }) => double(x),
            Shape::Line { to: Point { x, y }, .. } if x == y && x > 5 => double(x + y),
            Shape::Line { from, to } => double(from.x + to.y),
            Shape::Empty => 0,
        }
    }

    fn if_lets(n: i32) -> i32 {
        if let Some(m) = find(n) {
            double(m)
        } else if let Shape::Dot(point @ Point { .. }) = classify(n + 1) {
            point.x
        } else if n < -5 {
            -1
        } else {
            double(n)
        }
    }

    fn chains(found: Option<i32>, limit: i32) -> i32 {
        if let Some(n) = found && n < limit && let Some(m) = n.checked_add(1) { double(m) } else { 0 }
    }

    fn annotated(n: i32) -> i64 {
        let wide: i64 = i64::from(n);
        let twice: i32 = double(n);
        let all: Vec<i64> = [wide, twice.into()].into_iter().collect();
        all.iter().sum::<i64>()
    }

    fn literals(n: i32) -> &'static str {
        match double(n) {
            i32::MIN..=-1 => "less",
            0 => "none",
            1 | 2 => "few",
            _ => "many",
        }
    }
}

pub struct Pair {
    left: String,
    right: String,
}
#[node]
fn length(text: &String) -> usize {
    text.len()
}

workflow! {
    /// Items of a map point into what is around them.
    fn pointed(pair: Pair, counts: Vec<usize>) -> usize {
        #[max(2)]
        let lengths = for count in &counts {
            let Pair { left: ref text, .. } = pair;
            let other = match pair {
                Pair { right: ref text, .. } => length(text),
            };
            let own = length(text);
            own + other + *count
        };
        lengths.iter().sum::<usize>()
    }
}

fn main() {
    let pair = Pair { left: "ab".to_owned(), right: "c".to_owned() };
    assert_eq!(pointed(pair, vec![1, 10]).run_blocking(&()).unwrap(), 17);
    assert_eq!(tuples(2).run_blocking(&()).unwrap(), 5);
    assert_eq!([0, 1, 3, 7].map(|n| arms(n).run_blocking(&()).unwrap()), [0, 2, 6, 28]);
    assert_eq!([3, 0, -9, -3].map(|n| if_lets(n).run_blocking(&()).unwrap()), [6, 1, -1, -6]);
    assert_eq!(chains(Some(1), 3).run_blocking(&()).unwrap(), 4);
    assert_eq!(chains(Some(9), 3).run_blocking(&()).unwrap(), 0);
    assert_eq!(annotated(2).run_blocking(&()).unwrap(), 6);
    assert_eq!([-1, 0, 1, 9].map(|n| literals(n).run_blocking(&()).unwrap()), ["less", "none", "few", "many"]);
}

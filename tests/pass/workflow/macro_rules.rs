//! A call that a `macro_rules!` writes is a step like any other, however its parts are handed over.
#![deny(warnings)]

use flowc::{node, workflow};

mod nodes {
    #[flowc::node]
    pub async fn double(x: u32) -> u32 {
        x * 2
    }
    #[flowc::node]
    pub async fn length(text: &str) -> usize {
        text.len()
    }
}
#[node]
async fn add(x: u32, y: u32) -> u32 {
    x + y
}

macro_rules! by_path {
    ($name:ident, $node:path, $number:expr) => {
        workflow! {
            fn $name(start: u32) -> u32 {
                let x = $node(start);
                #[max(2)]
                let list = for y in [x, $number] { $node(y) };
                add(list.iter().sum(), $node(x))
            }
        }
    };
}
by_path!(by_path, nodes::double, 1 + 2);

macro_rules! by_expression {
    ($name:ident, $step:expr, $condition:expr) => {
        workflow! {
            fn $name() -> u32 {
                let x = $step;
                let y = $condition;
                x + y
            }
        }
    };
}
by_expression!(by_expression, nodes::double(4), if true { add(1, 2) } else { 0 });

macro_rules! borrowed {
    ($name:ident, $text:ident, $value:expr) => {
        workflow! {
            fn $name($text: String) -> String {
                let n = nodes::length(&$value);
                let m = nodes::length(&$value);
                format!("{} {n} {m}", $value)
            }
        }
    };
}
borrowed!(borrowed, text, text);

fn main() {
    assert_eq!(by_path(1).run_blocking(&()).unwrap(), (4 + 6) + 4);
    let steps = by_path::GRAPH.vertices.iter().filter(|vertex| vertex.name == "double" || vertex.name == "x").count();
    assert_eq!(steps, 3);
    assert_eq!(by_expression().run_blocking(&()).unwrap(), 8 + 3);
    assert!(by_expression::GRAPH.vertices.iter().any(|vertex| vertex.name == "x"));
    assert_eq!(borrowed("abc".to_owned()).run_blocking(&()).unwrap(), "abc 3 3");
}

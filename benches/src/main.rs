//! What flowc costs beside hand-written Rust and beside its peers: `cargo xtask bench -- --help`.

// This is a program for people at a terminal, never shipped: printing is its work, and its own tables have known sizes.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

mod measure;
mod nodes;
mod rows;

use std::time::Duration;

fn main() {
    for row in rows::all() {
        println!("{} ({})", row.title, row.pace);
        match row.measure(Duration::from_millis(500)) {
            Ok(all) => {
                for m in all {
                    println!(
                        "   {:24} {:10.1} {:10.1}  {:6.3}  {:6}  {:?}",
                        m.name, m.least, m.median, m.ratio, m.allocations, m.size
                    );
                }
            }
            Err(e) => println!("   {e}"),
        }
    }
}

//! A workflow is public, and the type that it gives is not.

use flowc::{node, workflow};

struct Secret(u32);

#[node]
fn secret(x: u32) -> Secret {
    Secret(x)
}

workflow! {
    pub fn shown(x: u32) -> Secret {
        secret(x)
    }
}

fn main() {}

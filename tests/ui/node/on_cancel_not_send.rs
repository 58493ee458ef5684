use std::rc::Rc;

use flowc::{Context, node};

#[node]
fn reserve(seats: u32, #[context] cx: &Context) -> u32 {
    let reserved = Rc::new(seats);
    cx.on_cancel(async move { drop(reserved) });
    seats
}

fn main() {}

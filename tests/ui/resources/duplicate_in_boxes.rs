use flowc::Resources;

use std::sync::Arc;

trait Model {}

#[derive(Resources)]
struct App {
    fast: Arc<dyn Model>,
    good: Box<dyn Model>,
}

fn main() {}

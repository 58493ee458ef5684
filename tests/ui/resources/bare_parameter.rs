use flowc::Resources;

#[derive(Resources)]
struct App<M> {
    model: M,
    index: String,
}

fn main() {}

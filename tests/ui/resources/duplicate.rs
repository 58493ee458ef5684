use flowc::Resources;

#[derive(Resources)]
struct App {
    index: String,
    archive: String,
}

fn main() {}

use flowc::Resources;

#[derive(Resources)]
enum App {
    Small { index: String },
}

fn main() {}

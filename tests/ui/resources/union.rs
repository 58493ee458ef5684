use flowc::Resources;

#[derive(Resources)]
union App {
    index: u8,
}

fn main() {}

use flowc_nodes::Prompt;

#[derive(Prompt)]
struct Ask {
    question: String,
}

fn main() {}

use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt(file = "./misspelled.md")]
struct Ask {
    question: String,
}

fn main() {}

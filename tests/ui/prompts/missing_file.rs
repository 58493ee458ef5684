use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt(file = "./no_such_prompt.md")]
struct Ask {
    question: String,
}

fn main() {}

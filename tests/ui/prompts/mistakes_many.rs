use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt(system = "Speak {langauge}.", user = "{question} {tone}")]
struct Ask {
    question: String,
    language: String,
}

fn main() {}

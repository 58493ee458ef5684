use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt(sytem = "Be brief.", user = "{question}")]
struct Ask {
    question: String,
}

fn main() {}

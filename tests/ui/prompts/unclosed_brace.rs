use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt(
    system = "Be brief.",
    user = "
        Answer the question.
        Question: {question
    "
)]
struct Ask {
    question: String,
}

fn main() {}

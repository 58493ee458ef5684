use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt(r#"Answer as {"answer": ".."}: {question}"#)]
struct Ask {
    question: String,
}

fn main() {}

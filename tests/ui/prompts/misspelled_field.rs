use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("Answer the question: {qusetion}")]
struct Ask {
    question: String,
}

fn main() {
    Ask { question: "Why?".to_owned() }.request();
}

use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("Answer the question: {question}")]
struct Ask {
    question: String,
    tone: String,
}

fn main() {
    Ask { question: "Why?".to_owned(), tone: "calm".to_owned() }.request();
}

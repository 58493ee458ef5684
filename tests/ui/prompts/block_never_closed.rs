use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("{#for doc in docs}- {doc}")]
struct Titles {
    docs: Vec<String>,
}

fn main() {}

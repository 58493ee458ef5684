use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("{#for doc in docs}- a document{/for}")]
struct Titles {
    docs: Vec<String>,
}

fn main() {}

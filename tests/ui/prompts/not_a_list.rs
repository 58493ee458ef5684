use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("{#for doc in docs}- {doc}{/for}")]
struct Titles {
    docs: u32,
}

fn main() {}

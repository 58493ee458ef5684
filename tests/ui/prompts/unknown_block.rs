use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("{#each doc in docs}- {doc}{/each}")]
struct Titles {
    docs: Vec<String>,
}

fn main() {}

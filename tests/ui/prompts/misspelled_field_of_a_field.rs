use flowc_nodes::Prompt;

struct Doc {
    title: String,
}

#[derive(Prompt)]
#[prompt("{#for doc in docs}- {doc.titel}{/for}")]
struct Titles {
    docs: Vec<Doc>,
}

fn main() {
    Titles { docs: vec![Doc { title: String::new() }] }.request();
}

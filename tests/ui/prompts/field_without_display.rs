use flowc_nodes::Prompt;

struct Doc;

#[derive(Prompt)]
#[prompt("{doc} and again {doc}")]
struct Show {
    doc: Doc,
}

fn main() {
    Show { doc: Doc }.request();
}

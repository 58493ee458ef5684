use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("{note}")]
struct Show {
    note: Option<String>,
}

fn main() {
    Show { note: None }.request();
}

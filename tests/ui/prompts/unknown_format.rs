use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("HELLO {name:upper}")]
struct Hello {
    name: String,
}

fn main() {}

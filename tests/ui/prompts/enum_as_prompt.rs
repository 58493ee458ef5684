use flowc_nodes::Prompt;

#[derive(Prompt)]
#[prompt("Hello")]
enum Hello {
    World,
}

fn main() {}

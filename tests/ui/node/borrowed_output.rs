use flowc::node;

#[node]
fn first(list: &Vec<String>) -> &str {
    &list[0]
}

fn main() {}

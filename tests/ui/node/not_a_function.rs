use flowc::node;

#[node]
struct Search;

fn main() {}

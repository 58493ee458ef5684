use flowc::node;

#[node]
fn first<'a>(list: &'a Vec<String>) -> Option<&'a String> {
    list.first()
}

fn main() {}

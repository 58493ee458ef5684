use flowc::node;

#[node]
fn search(query: &String) -> std::rc::Rc<String> {
    std::rc::Rc::new(query.clone())
}

fn main() {}

use flowc::node;

#[node]
async fn search(query: &String) -> std::rc::Rc<String> {
    std::rc::Rc::new(query.clone())
}

fn main() {}

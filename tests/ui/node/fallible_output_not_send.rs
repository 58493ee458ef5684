use flowc::node;

#[node]
async fn search(query: &String) -> Result<std::rc::Rc<String>, String> {
    Ok(std::rc::Rc::new(query.clone()))
}

fn main() {}

use flowc::node;

#[node]
async fn search(query: std::rc::Rc<String>) -> usize {
    query.len()
}

fn main() {}

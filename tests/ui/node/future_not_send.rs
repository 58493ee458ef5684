use flowc::node;

#[node]
async fn search(query: &String) -> usize {
    let counter = std::rc::Rc::new(1);
    std::future::ready(()).await;
    query.len() + *counter
}

fn main() {}

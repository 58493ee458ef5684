use flowc::node;

struct Context;

#[node]
async fn search(query: &String, #[context] cx: Context) -> usize {
    let Context = cx;
    query.len()
}

fn main() {}

use flowc::node;

struct Store;

impl Store {
    #[node]
    async fn search(&self, query: &String) -> String {
        query.clone()
    }
}

fn main() {}

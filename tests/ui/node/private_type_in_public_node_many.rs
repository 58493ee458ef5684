use flowc::node;

mod nodes {
    use flowc::node;

    struct Query(u8);

    #[node]
    pub fn search(query: &Query) -> u8 {
        query.0
    }
}

fn main() {}

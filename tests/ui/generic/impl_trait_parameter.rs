flowc::workflow! {
    fn answer(query: impl Into<String>) -> String { query.into() }
}

fn main() {}

flowc::workflow! {
    fn answer(query: Query) -> Docs;
}

fn main() {}

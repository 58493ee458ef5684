flowc::workflow! {
    fn answer(query) -> Docs { search(&query) }
}

fn main() {}

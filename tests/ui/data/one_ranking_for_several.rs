use flowc::workflow;
use flowc_nodes::{Hit, fuse, search_words};

workflow! {
    fn search(question: String) -> Vec<Hit> {
        let hits = search_words(&question, 10);
        fuse(&hits, 5)
    }
}

fn main() {}

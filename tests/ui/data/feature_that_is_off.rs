use flowc::workflow;
use flowc_nodes::{Chunk, Document, SplitOptions, split_code, split_text};

workflow! {
    fn pieces(document: Document, options: SplitOptions) -> Vec<Chunk> {
        split_text(&document, &options)
    }
}

fn main() {}

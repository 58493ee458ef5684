use flowc::workflow;
use flowc_nodes::{Chunk, SplitOptions, split_text};

workflow! {
    fn pieces(text: String, options: SplitOptions) -> Vec<Chunk> {
        split_text(&text, &options)
    }
}

fn main() {}

use flowc::workflow;
use flowc_nodes::{Document, load_file};

workflow! {
    fn read(path: String) -> Document {
        load_file(&path)
    }
}

fn main() {}

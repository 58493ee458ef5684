#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn notes(docs: Docs) -> Vec<Note> {
        let mut notes = Vec::new();
        #[max(4)]
        for doc in &docs.0 {
            let note = summarise(doc);
            notes.push(note);
        }
        notes
    }
}

fn main() {}

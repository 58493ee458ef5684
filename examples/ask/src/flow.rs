//! The whole program as one workflow.

use flowc::{Resources, workflow};

use crate::{
    analyse::analyse,
    answer::Answer,
    compose::{Route, Writer, brief, choose, cite},
    extract::quote,
    index::build_index,
    load::{Folder, load},
    meaning::{join, nearest},
    model::complete,
    question::Question,
    search::search,
    split::split,
    suggest::suggest,
};

workflow! {
    /// Answers a question from the Markdown files of a folder: by a model if one is configured, else by quotes.
    pub fn ask(question: Question, folder: Folder) -> Answer {
        let documents = load(folder);
        let query = analyse(&question); // names no document, so it runs while they are read

        #[max(8)]
        let passages = for document in documents { split(document) };

        let index = build_index(passages);
        let found = search(&index, &query);
        let near = nearest(&question, &index); // by meaning, where a model of vectors is configured
        let hits = join(&index, found, near);
        let route = choose(&hits);

        match route {
            Route::Write(model) => {
                let prompt = brief(&question, &hits);
                let reply = complete(model, prompt);
                cite(reply, &hits)
            }
            Route::Quote => quote(hits),
            Route::Nothing => suggest(&index, &query),
        }
    }
}

/// What the steps are handed from outside.
#[derive(Debug, Resources)]
pub struct App {
    /// Who writes the answers: `choose` asks for it.
    pub writer: Writer,
}

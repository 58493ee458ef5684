//! The steps one after the other, until `flow` takes their place.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use ask::{
    analyse::analyse,
    answer::Answer,
    compose::{Route, Writer, brief, choose, cite},
    extract::quote,
    index::build_index,
    load::{Folder, load},
    model::complete,
    question::Question,
    render::StepEvent,
    search::search,
    split::split,
    suggest::suggest,
};

type Done<T> = Result<T, Box<dyn Error>>;

/// Runs the steps and tells `show` of each.
pub(crate) fn answer(
    question: &Question,
    folder: Folder,
    writer: &Writer,
    show: &mut dyn FnMut(StepEvent),
) -> Result<Answer, Box<dyn Error>> {
    let query = step(show, "analyse", |_| Done::Ok(analyse(question)))?;
    let documents = step(show, "load", |_| load(folder))?;
    let passages = step(show, "split", |show| {
        let total = documents.len() as u64;
        let split = documents.iter().zip(1..).map(|(document, done)| {
            show(StepEvent::Progress { step: "split".into(), done, total });
            split(document)
        });
        Done::Ok(split.collect::<Vec<_>>())
    })?;
    let index = step(show, "build_index", |_| Done::Ok(build_index(passages)))?;
    let hits = step(show, "search", |_| Done::Ok(search(&index, &query)))?;
    match choose(&hits, writer) {
        Route::Write(model) => {
            let prompt = brief(question, &hits);
            let reply = step(show, "complete", |_| complete(model, prompt))?;
            Ok(cite(reply, &hits))
        }
        Route::Quote => step(show, "quote", |_| Done::Ok(quote(hits))),
        Route::Nothing => step(show, "suggest", |_| Done::Ok(suggest(&index, &query))),
    }
}

fn step<T, E: Into<Box<dyn Error>>>(
    show: &mut dyn FnMut(StepEvent),
    name: &str,
    work: impl FnOnce(&mut dyn FnMut(StepEvent)) -> Result<T, E>,
) -> Result<T, Box<dyn Error>> {
    let started = Instant::now();
    show(StepEvent::Started { step: name.into() });
    let result = work(show).map_err(Into::into);
    let took: Duration = started.elapsed();
    let step = name.into();
    show(if result.is_ok() { StepEvent::Finished { step, took } } else { StepEvent::Failed { step } });
    result
}

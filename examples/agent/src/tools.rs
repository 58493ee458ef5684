//! What the model may do: four tools, three nodes and a workflow, over one folder.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use flowc::dynamic::Registry;
use flowc::{Resources, node, workflow};
use flowc_nodes::{Chunk, Document, FileAccess, LoadError, Tools, WordIndex, load_file, load_folder};

/// The notes.
#[derive(Resources)]
pub(crate) struct Notes {
    files: FileAccess,
    index: WordIndex,
    folder: PathBuf,
}

/// A place in a note.
#[derive(serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Found {
    note: String,
    text: String,
}

/// Finds the paragraphs of all notes that fit best to some words.
#[node]
pub(crate) fn search_notes(
    /// A few words that the paragraph should have.
    words: &str,
    #[resource] index: &WordIndex,
) -> Result<Vec<Found>, String> {
    let hits = index.search(words, 5).map_err(|error| error.to_string())?;
    Ok(hits.into_iter().map(|hit| Found { note: hit.chunk.source, text: hit.chunk.text }).collect())
}

/// Reads a whole note.
#[node(blocking)]
pub(crate) fn read_note(
    /// Its name, as the other tools give it.
    note: String,
    #[resource] files: FileAccess,
) -> Result<String, LoadError> {
    load_file(note, files).map(|document| document.text)
}

/// Keeps a new note. There must be none of this name.
#[node(blocking)]
pub(crate) fn write_note(
    /// Letters, digits and dashes, without an ending.
    name: String,
    text: String,
    #[resource] folder: PathBuf,
) -> Result<String, String> {
    if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
        return Err(format!("`{name}` is no name for a note: take letters, digits and dashes"));
    }
    let path = folder.join(&name).with_extension("md");
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    let written = file.and_then(|mut file| writeln!(file, "{}", text.trim_end()));
    written.map(|()| format!("{name}.md")).map_err(|error| format!("{}: {error}", path.display()))
}

/// The first line of a note.
#[node]
fn title(document: &Document) -> Found {
    let text = document.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    Found { note: document.source.clone(), text: text.to_owned() }
}

workflow! {
    /// The names and titles of all notes.
    pub(crate) fn list_notes() -> Vec<Found> {
        let documents = load_folder("**/*.{md,txt}".to_owned());
        #[max(8)]
        let titles = for document in &documents { title(document) };
        titles
    }
}

/// The tools over the notes of a folder.
pub(crate) fn of(folder: &str) -> Result<Tools, Box<dyn std::error::Error>> {
    let files = FileAccess::below(folder)?;
    let documents = load_folder("**/*.{md,txt}".to_owned(), files.clone())?;
    let index = WordIndex::new(documents.iter().flat_map(paragraphs));
    let registry = Registry::<Notes>::new()
        .with::<search_notes>()?
        .with::<read_note>()?
        .with::<list_notes>()?
        .with::<write_note>()?;
    Ok(Tools::all(&registry, &Arc::new(Notes { files, index, folder: folder.into() })))
}

fn paragraphs(document: &Document) -> impl Iterator<Item = Chunk> {
    let mut start = 0;
    document.text.split("\n\n").filter_map(move |text| {
        let at = start;
        start += text.len() + 2;
        (!text.trim().is_empty()).then(|| Chunk::new(&document.source, at, text.trim_end()))
    })
}

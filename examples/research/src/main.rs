//! `research`: a report from a folder of notes, whose citations are checked. See README.md.

mod cite;
mod flow;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use flowc::{Engine, EventKind};
use flowc_nodes::{Chunk, Document, FileAccess, Model, ModelConfig, WordIndex, load_folder};

use flow::{App, research};

const HELP: &str = "\
Writes a report from a folder of notes, with citations that are checked

usage: research [--folder PATH] QUESTION...
       research --graph

  --folder PATH   the notes: text and Markdown files (default: .)
  --graph         a drawing of the workflow, in Mermaid

The model is the one that the environment names:
  FLOWC_MODEL       its provider and its name: openai/gpt-4o-mini, anthropic/claude-haiku-4-5, ollama/qwen3
  FLOWC_MODEL_URL   where it is, if it is a server of yours: http://127.0.0.1:8080/v1
  FLOWC_MODEL_KEY   the key, if it wants one

for example: research --folder docs/guide \"What happens to a run when a step fails?\"";

#[tokio::main]
async fn main() -> ExitCode {
    let mut words: Vec<String> = env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        return said(HELP);
    }
    if words == ["--graph"] {
        return said(&research::GRAPH.to_mermaid());
    }
    let folder = match words.iter().position(|word| word == "--folder") {
        Some(at) if at + 1 < words.len() => words.drain(at..at + 2).nth(1).unwrap_or_default(),
        _ => ".".to_owned(),
    };
    let question = words.join(" ");
    if question.trim().is_empty() || question.starts_with("--") {
        let _ = writeln!(io::stderr(), "error: the question is missing, or an option is unknown\n\n{HELP}");
        return ExitCode::from(2);
    }
    match run(&folder, question).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn said(text: &str) -> ExitCode {
    let _ = writeln!(io::stdout(), "{text}");
    ExitCode::SUCCESS
}

async fn run(folder: &str, question: String) -> Result<(), Box<dyn Error>> {
    let model = Box::new(Model::new(ModelConfig::from_env()?)?);
    let documents = load_folder("**/*.{md,txt}".to_owned(), FileAccess::below(folder)?)?;
    let index = WordIndex::new(documents.iter().flat_map(paragraphs));
    let engine = Engine::builder().resources(App { model, index }).build();

    let mut run = engine.start(research(question));
    while let Some(event) = run.next_event().await {
        if let EventKind::StepFinished { step, elapsed } = event.kind {
            writeln!(io::stderr(), "  {step} {} ms", elapsed.as_millis())?;
        }
    }
    let report = run.await?;
    writeln!(io::stdout(), "{}\n\nSources", report.text.trim_end())?;
    for (number, source) in report.sources {
        writeln!(io::stdout(), "  [{number}] {source}")?;
    }
    Ok(())
}

fn paragraphs(document: &Document) -> impl Iterator<Item = Chunk> {
    let mut start = 0;
    document.text.split("\n\n").filter_map(move |text| {
        let at = start;
        start += text.len() + 2;
        (!text.trim().is_empty()).then(|| Chunk::new(&document.source, at, text.trim_end()))
    })
}

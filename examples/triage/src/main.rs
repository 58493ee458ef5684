//! `triage`: letters are sorted, answers drafted, and a person decides on each. See README.md.

mod flow;

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use flowc::{Engine, EventKind};
use flowc_nodes::{Model, ModelConfig};

use flow::{App, Decision, Letter, Trays, triage};

const HELP: &str = "\
Sorts letters, drafts answers, and asks before one is sent

usage: triage [--trays PATH] LETTER...
       triage --graph

  LETTER          a text file
  --trays PATH    where letters and answers go: sent, a-person, junk (default: trays)
  --graph         a drawing of the workflow, in Mermaid

Of each draft you are asked: y sends it, n leaves the letter to a person, and any other text is sent instead.

The model is the one that the environment names:
  FLOWC_MODEL       its provider and its name: openai/gpt-4o-mini, anthropic/claude-haiku-4-5, ollama/qwen3
  FLOWC_MODEL_URL   where it is, if it is a server of yours: http://127.0.0.1:8080/v1
  FLOWC_MODEL_KEY   the key, if it wants one";

#[tokio::main]
async fn main() -> ExitCode {
    let mut words: Vec<String> = env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        return said(HELP);
    }
    if words == ["--graph"] {
        return said(&triage::GRAPH.to_mermaid());
    }
    let trays = match words.iter().position(|word| word == "--trays") {
        Some(at) if at + 1 < words.len() => words.drain(at..at + 2).nth(1).unwrap_or_default(),
        _ => "trays".to_owned(),
    };
    if words.is_empty() || words.iter().any(|word| word.starts_with("--")) {
        let _ = writeln!(io::stderr(), "error: letters are missing, or an option is unknown\n\n{HELP}");
        return ExitCode::from(2);
    }
    match run(&trays, &words).await {
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

async fn run(trays: &str, letters: &[String]) -> Result<(), Box<dyn Error>> {
    let model = Box::new(Model::new(ModelConfig::from_env()?)?);
    let engine = Engine::builder().resources(App { model, trays: Trays(trays.into()) }).build();
    for path in letters {
        let text = fs::read_to_string(path).map_err(|error| format!("`{path}` cannot be read: {error}"))?;
        let name = Path::new(path).file_name().and_then(|name| name.to_str()).ok_or("a letter without a name")?;
        let mut run = engine.start(triage(Letter { name: name.to_owned(), text }));
        while let Some(event) = run.next_event().await {
            // What the model says on the way are chunks too, of the step that asks it.
            if let EventKind::Chunk { step, data } = event.kind
                && let (Some(draft), true) = (data.text(), step.ends_with("/proposed"))
            {
                run.signal("decision", decide(path, draft).await?).await?;
            }
        }
        writeln!(io::stdout(), "{name} -> {}", run.await?)?;
    }
    Ok(())
}

/// Asks the person at the terminal.
async fn decide(letter: &str, draft: &str) -> Result<Decision, Box<dyn Error>> {
    write!(io::stderr(), "{letter}, {draft}\nsend it? [y/n/other text] ")?;
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).map(|_| answer)
    });
    let answer = answer.await??;
    Ok(match answer.trim() {
        "y" | "yes" => Decision::Send,
        // Nobody is there, or said no: nothing is sent.
        "" | "n" | "no" => Decision::Keep,
        other => Decision::Change(other.to_owned()),
    })
}

//! `agent`: a model that answers questions about a folder of notes, and may write one. See README.md.

mod approve;
mod tools;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use flowc::{Engine, EventKind, Resources};
use flowc_nodes::{AgentLimits, ChatModel, ChatRequest, Model, ModelConfig, Tools, agent};

const HELP: &str = "\
Answers questions about a folder of notes

usage: agent [--folder PATH] [--yes] QUESTION...

  --folder PATH   the notes: text and Markdown files (default: .)
  --yes           write notes without asking

The model is the one that the environment names:
  FLOWC_MODEL       its provider and its name: openai/gpt-4o-mini, anthropic/claude-haiku-4-5, ollama/qwen3
  FLOWC_MODEL_URL   where it is, if it is a server of yours: http://127.0.0.1:8080/v1
  FLOWC_MODEL_KEY   the key, if it wants one

for example: agent --folder docs/guide \"Which chapter tells of retries? Keep the answer in a note.\"";

#[derive(Resources)]
struct App {
    model: Box<dyn ChatModel>,
    tools: Tools,
}

/// What the user wants.
struct Args {
    folder: String,
    yes: bool,
    question: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(args) = parse(env::args().skip(1)) else {
        let _ = writeln!(io::stdout(), "{HELP}");
        return ExitCode::SUCCESS;
    };
    if args.question.is_empty() {
        let _ = writeln!(io::stderr(), "error: the question is missing\n\n{HELP}");
        return ExitCode::from(2);
    }
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> Option<Args> {
    let mut args = Args { folder: ".".to_owned(), yes: false, question: String::new() };
    while let Some(word) = words.next() {
        match word.as_str() {
            "-h" | "--help" => return None,
            "--yes" => args.yes = true,
            "--folder" => args.folder = words.next()?,
            _ if args.question.is_empty() => args.question = word,
            _ => args.question = format!("{} {word}", args.question),
        }
    }
    Some(args)
}

async fn run(args: Args) -> Result<(), Box<dyn Error>> {
    let model = Box::new(Model::new(ModelConfig::from_env()?)?);
    let tools = tools::of(&args.folder)?.approver(approve::Terminal::new(args.yes));
    let engine = Engine::builder().resources(App { model, tools }).build();

    let question = ChatRequest::new(args.question).system(
        "You answer from the notes of the user, and say in which note something stands. Look before you answer.",
    );
    let limits = AgentLimits::default().rounds(8).calls(24);
    let mut run = engine.start(agent(question, limits));
    while let Some(event) = run.next_event().await {
        if let EventKind::StepFailed { step, error, .. } = event.kind {
            writeln!(io::stderr(), "  {step}: {error}")?;
        }
    }
    let reply = run.await?;
    writeln!(io::stdout(), "{}", reply.text)?;
    let (rounds, calls, tokens) = (reply.rounds, reply.calls, reply.tokens.input + reply.tokens.output);
    writeln!(io::stderr(), "asked {rounds} times, {calls} calls, {tokens} tokens")?;
    Ok(())
}

//! `ask`: answers questions from a folder of Markdown files. See `ask --help`.

use std::{
    env,
    error::Error,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use ask::{
    args::{self, Ask, Command, GraphFormat, HELP, ShowProgress},
    compose::Writer,
    flow::{self, App},
    load::Folder,
    model::Model,
    render::{self, Style},
};
use flowc::{Engine, EventKind, Failure};

/// What went wrong, and the exit code for it.
enum Wrong {
    /// The command line or a setting: 2.
    Usage(Box<dyn Error>),
    /// Anything later: 1.
    Run(Box<dyn Error>),
}

#[tokio::main]
async fn main() -> ExitCode {
    let (error, code) = match run().await {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Wrong::Usage(error)) => (error, 2),
        Err(Wrong::Run(error)) => (error, 1),
    };
    // Nothing is left to be done if stderr is closed too.
    let _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::from(code)
}

async fn run() -> Result<(), Wrong> {
    match args::parse(env::args_os().skip(1)).map_err(|error| Wrong::Usage(error.into()))? {
        Command::Help => print(HELP),
        Command::Version => print(concat!("ask ", env!("CARGO_PKG_VERSION"), "\n")),
        Command::Graph(GraphFormat::Mermaid) => print(&flow::ask::GRAPH.to_mermaid()),
        Command::Graph(GraphFormat::Dot) => print(&flow::ask::GRAPH.to_dot()),
        Command::Graph(GraphFormat::Svg) => print(&flow::ask::GRAPH.to_svg()),
        Command::Ask(ask) => answer(ask).await,
    }
}

async fn answer(Ask { question, folder, progress }: Ask) -> Result<(), Wrong> {
    let model = Model::from_settings(|name| env::var(name).ok()).map_err(|error| Wrong::Usage(error.into()))?;
    // On a terminal a live tree of steps and a text that comes bit by bit would write over each other.
    let is_live = io::stderr().is_terminal();
    let progress = if model.is_some() && is_live { ShowProgress::No } else { progress };
    let writer = model.map_or(Writer::Quotes, Writer::Model);
    let folder = Folder::new(folder.unwrap_or_else(guide));

    let engine = Engine::builder().resources(App { writer });
    let engine = match progress {
        ShowProgress::Yes => engine.progress(),
        ShowProgress::No => engine,
    };
    let mut run = engine.build().start(flow::ask(question.clone(), folder));
    let style = style(io::stdout().is_terminal());
    let mut begun = false;
    while let Some(event) = run.next_event().await {
        // Only the model gives its output in parts.
        let EventKind::Chunk { data, .. } = event.kind else { continue };
        let part = render::part(data.text().unwrap_or_default());
        print(&if begun { part } else { render::question(&question, style) + &part })?;
        begun = true;
    }
    let found = run.await.map_err(|failure| Wrong::Run(explain(&failure).into()))?;
    print(&if begun { render::rest(&found, style) } else { render::answer(&question, &found, style) })
}

/// The step's own message, which says what to do, and where it failed.
fn explain(failure: &Failure) -> String {
    match failure.error() {
        Some(error) => format!("{error}\n  in step `{}`", failure.step()),
        None => format!("{failure}; {}", failure.help()),
    }
}

fn style(terminal: bool) -> Style {
    let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if terminal && !unwanted { Style::Colour } else { Style::Plain }
}

/// The guide, named from the current folder where it lies below it: places in an answer are for people.
fn guide() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = package.ancestors().nth(2).unwrap_or(package).join("docs/guide");
    match env::current_dir().map(|here| path.strip_prefix(&here).map(Path::to_path_buf)) {
        Ok(Ok(below)) if !below.as_os_str().is_empty() => below,
        _ => path,
    }
}

/// Writes the whole text at once. A reader that has gone (`ask .. | head`) is no error.
fn print(text: &str) -> Result<(), Wrong> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Wrong::Run(format!("cannot write the answer: {error}; check where the output goes").into()))
        }
        _ => Ok(()),
    }
}

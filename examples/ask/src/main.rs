//! `ask`: answers questions from a folder of Markdown files. See `ask --help`.

mod by_hand;

use std::{
    env,
    error::Error,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use ask::{
    args::{self, Ask, Command, HELP, ShowProgress},
    compose::Writer,
    load::Folder,
    model::Model,
    render::{self, Progress, Style},
};

/// What went wrong, and the exit code for it.
enum Failure {
    /// The command line or a setting: 2.
    Usage(Box<dyn Error>),
    /// Anything later: 1.
    Run(Box<dyn Error>),
}

fn main() -> ExitCode {
    let (error, code) = match run() {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Usage(error)) => (error, 2),
        Err(Failure::Run(error)) => (error, 1),
    };
    // Nothing is left to be done if stderr is closed too.
    let _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::from(code)
}

fn run() -> Result<(), Failure> {
    match args::parse(env::args_os().skip(1)).map_err(|error| Failure::Usage(error.into()))? {
        Command::Help => print(HELP),
        Command::Version => print(concat!("ask ", env!("CARGO_PKG_VERSION"), "\n")),
        Command::Graph(_) => Err(Failure::Run("this build has no workflow to draw yet".into())),
        Command::Ask(ask) => answer(ask),
    }
}

fn answer(Ask { question, folder, progress }: Ask) -> Result<(), Failure> {
    let model = Model::from_settings(|name| env::var(name).ok()).map_err(|error| Failure::Usage(error.into()))?;
    let writer = model.map_or(Writer::Quotes, Writer::Model);
    let folder = Folder::new(folder.unwrap_or_else(guide));

    let stderr = io::stderr();
    let live = stderr.is_terminal();
    let mut display = match progress {
        ShowProgress::Yes => Some(Progress::new(stderr, style(live), live)),
        ShowProgress::No => None,
    };
    let result = by_hand::answer(&question, folder, &writer, &mut |event| {
        if let Some(display) = &mut display {
            // An answer is worth having though nobody sees how it comes about.
            let _ = display.show(event);
        }
    });
    if let Some(display) = &mut display {
        let _ = display.close();
    }
    let found = result.map_err(Failure::Run)?;
    print(&render::answer(&question, &found, style(io::stdout().is_terminal())))
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
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Run(format!("cannot write the answer: {error}; check where the output goes").into()))
        }
        _ => Ok(()),
    }
}

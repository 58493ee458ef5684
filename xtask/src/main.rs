//! The chores of the workspace. `cargo xtask --help` lists them; each has its own `--help` and its own file here.

// This is a program for people at a terminal: printing is its work.
#![allow(clippy::print_stdout, clippy::print_stderr)]
// Our own file names are written in one way, and git tells cases apart.
#![allow(clippy::case_sensitive_file_extension_comparisons)]

mod bench;
mod deny;
mod fmt;
mod fuzz;
mod help;
mod ide;
mod msrv;
mod need;
mod shell;
mod shuttle;
mod test;
mod tidy;
mod ui;
mod workspace;

use std::process::ExitCode;

/// What every chore returns; the text of the error is all that the reader gets, so it says what to do.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// One subcommand: its name, its help and what it does with the rest of the command line.
struct Chore {
    name: &'static str,
    help: &'static str,
    run: fn(lexopt::Parser) -> Result<()>,
}

/// In the order in which a newcomer meets them.
const CHORES: &[Chore] = &[
    Chore { name: "test", help: test::HELP, run: test::main },
    Chore { name: "tidy", help: tidy::HELP, run: tidy::main },
    Chore { name: "ui", help: ui::HELP, run: ui::main },
    Chore { name: "fmt", help: fmt::HELP, run: fmt::main },
    Chore { name: "bench", help: bench::HELP, run: bench::main },
    Chore { name: "ide", help: ide::HELP, run: ide::main },
    Chore { name: "shuttle", help: shuttle::HELP, run: shuttle::main },
    Chore { name: "fuzz", help: fuzz::HELP, run: fuzz::main },
    Chore { name: "msrv", help: msrv::HELP, run: msrv::main },
    Chore { name: "deny", help: deny::HELP, run: deny::main },
];

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<()> {
    let mut parser = lexopt::Parser::from_env();
    let name = match parser.next()? {
        Some(lexopt::Arg::Value(name)) => name.to_string_lossy().into_owned(),
        Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) => {
            print!("{}", help::overview(CHORES));
            return Ok(());
        }
        Some(option) => {
            return Err(format!("{}: a chore comes first; `cargo xtask --help` lists them", option.unexpected()).into());
        }
        None => return Err("no chore given; `cargo xtask --help` lists them".into()),
    };
    let Some(chore) = CHORES.iter().find(|chore| chore.name == name) else {
        return Err(help::unknown(&name, CHORES).into());
    };
    if help::asked(&parser) {
        print!("{}", chore.help);
        return Ok(());
    }
    (chore.run)(parser)
}

//! What flowc costs beside hand-written Rust and beside its peers: `cargo xtask bench -- --help`.

// This is a program for people at a terminal, never shipped: printing is its work, and its own tables have known sizes.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod args;
mod compile;
mod measure;
mod nodes;
mod rows;
mod table;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<ExitCode, Box<dyn Error>> {
    if let Some(into) = std::env::var_os(compile::INTO) {
        return compile::stand_in(Path::new(&into), std::env::args_os().skip(1));
    }
    let args = args::parse()?;
    if args.help {
        print!("{}", args::HELP);
        return Ok(ExitCode::SUCCESS);
    }
    let folder = folder()?;
    std::fs::create_dir_all(&folder)?;
    let name = if args.compile { "compile.md" } else { "run.md" };
    let table = if args.compile {
        compile::run(&compile::Wish { sizes: args.sizes, filter: args.filter }, &folder)?
    } else {
        table::run(args.each, args.filter.as_deref())?
    };
    std::fs::write(folder.join(name), table)?;
    println!("\nThis table is in {} as well.", folder.join(name).display());
    Ok(ExitCode::SUCCESS)
}

/// `bench/` in the target folder, which is two levels above this program.
fn folder() -> Result<PathBuf, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).ok_or("this program is in no target folder")?;
    Ok(target.join("bench"))
}

//! What flowc costs beside hand-written Rust and beside its peers: `cargo xtask bench -- --help`.

// This is a program for people at a terminal, never shipped: printing is its work, and its own tables have known sizes.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing, clippy::cast_precision_loss)]

mod args;
mod compile;
mod engine;
#[cfg(feature = "graphs")]
mod graphs;
mod measure;
mod memory;
mod nodes;
mod policies;
mod rows;
mod table;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use args::Section;

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
    let filter = args.filter.as_deref();
    let table = match args.section {
        Section::Run => table::run(args.each, filter)?,
        Section::Compile => compile::run(&compile::Wish { sizes: args.sizes, filter: args.filter }, &folder)?,
        Section::Policies => policies::run(args.each, filter)?,
        Section::Engine => engine::run(args.each)?,
        Section::Signals => engine::signals(args.each)?,
        #[cfg(feature = "graphs")]
        Section::Graphs => graphs::run(args.each, &folder)?,
        #[cfg(not(feature = "graphs"))]
        Section::Graphs => {
            return Err("graphs are measured with `--features graphs`, as `cargo xtask bench graphs` does".into());
        }
        Section::Memory => memory::run()?,
    };
    let file = folder.join(args.section.name()).with_extension("md");
    std::fs::write(&file, table)?;
    println!("\nThis table is in {} as well.", file.display());
    Ok(ExitCode::SUCCESS)
}

/// `bench/` in the target folder, which is two levels above this program.
fn folder() -> Result<PathBuf, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).ok_or("this program is in no target folder")?;
    Ok(target.join("bench"))
}

//! The command line.

use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};

pub(crate) const HELP: &str = "\
Measure what flowc costs

Usage: cargo xtask bench [options] [words]
       cargo xtask bench compile [options] [words]
       cargo xtask bench policies [options] [words]
       cargo xtask bench engine|signals|graphs [options]
       cargo xtask bench memory

Without a section, workflows run beside the same work by hand and beside other crates. The others:
  compile     generated workflows are compiled beside the same work by hand
  policies    a chain with each policy beside the chain without
  engine      an engine with listeners and collectors beside one that nobody listens to
  signals     the same with traces and metrics, which are built in only here
  graphs      graphs made at run time beside compiled ones and other engines, those for Python included
  memory      what runs hold: a million in turn, a hundred thousand at once

With words, only the rows whose title contains them.

Options:
  --each <ms>         how long a row is measured (default 1500; not of compile and memory)
  --sizes <n,n,..>    how many steps the compiled workflows have (default 10,100,300,1000; compile only)
  -h, --help          this text

The table is Markdown, and is kept in `target/bench/` too.
";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Run,
    Compile,
    Policies,
    Engine,
    Signals,
    Graphs,
    Memory,
}

impl Section {
    const NAMED: [Self; 6] = [Self::Compile, Self::Policies, Self::Engine, Self::Signals, Self::Graphs, Self::Memory];

    /// The word on the command line, and the name of the file in `target/bench/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Compile => "compile",
            Self::Policies => "policies",
            Self::Engine => "engine",
            Self::Signals => "signals",
            Self::Graphs => "graphs",
            Self::Memory => "memory",
        }
    }
}

/// What the command line asks for.
pub(crate) struct Args {
    pub(crate) section: Section,
    pub(crate) help: bool,
    pub(crate) each: Duration,
    pub(crate) sizes: Vec<usize>,
    pub(crate) filter: Option<String>,
}

pub(crate) fn parse() -> Result<Args, lexopt::Error> {
    let mut parser = Parser::from_env();
    let mut args = Args {
        section: Section::Run,
        help: false,
        each: Duration::from_millis(1500),
        sizes: vec![10, 100, 300, 1000],
        filter: None,
    };
    let mut words: Vec<String> = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("help") | Arg::Short('h') => args.help = true,
            Arg::Long("each") => args.each = Duration::from_millis(parser.value()?.parse()?),
            Arg::Long("sizes") => {
                let list = parser.value()?.string()?;
                args.sizes = list
                    .split(',')
                    .map(str::parse)
                    .collect::<Result<_, _>>()
                    .map_err(|_| format!("--sizes wants numbers, `10,100` say, and not `{list}`"))?;
            }
            Arg::Value(word) => {
                let word = word.string()?;
                match Section::NAMED.into_iter().find(|section| section.name() == word) {
                    // Only the first word can be a section.
                    Some(section) if args.section == Section::Run && words.is_empty() => args.section = section,
                    _ => words.push(word),
                }
            }
            other => return Err(other.unexpected()),
        }
    }
    if !words.is_empty() {
        args.filter = Some(words.join(" "));
    }
    Ok(args)
}

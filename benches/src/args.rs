//! The command line.

use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};

pub(crate) const HELP: &str = "\
Measure what flowc costs

Usage: cargo xtask bench [options] [words]
       cargo xtask bench compile [options] [words]

The first runs workflows beside the same work by hand and beside other crates, the second compiles generated
workflows beside the same work by hand. With words, only the rows whose title contains them.

Options:
  --each <ms>         how long a row is measured (default 1500; run only)
  --sizes <n,n,..>    how many steps the compiled workflows have (default 10,100,300,1000; compile only)
  -h, --help          this text

The table is Markdown, and is kept in `target/bench/` too.
";

/// What the command line asks for.
pub(crate) struct Args {
    pub(crate) compile: bool,
    pub(crate) help: bool,
    pub(crate) each: Duration,
    pub(crate) sizes: Vec<usize>,
    pub(crate) filter: Option<String>,
}

pub(crate) fn parse() -> Result<Args, lexopt::Error> {
    let mut parser = Parser::from_env();
    let mut args = Args {
        compile: false,
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
            Arg::Value(word) if word == "compile" && !args.compile && words.is_empty() => args.compile = true,
            Arg::Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    if !words.is_empty() {
        args.filter = Some(words.join(" "));
    }
    Ok(args)
}

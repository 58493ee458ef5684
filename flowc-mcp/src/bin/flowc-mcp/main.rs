//! The program `flowc-mcp`: keeps the tools of a server in a file.

mod args;

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use args::{Args, SnapshotArgs};
use flowc_mcp::typed::{Drift, Snapshot};
use flowc_mcp::{McpServers, snapshot};

const HELP: &str = include_str!("help.txt");

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let done = match args::parse(env::args().skip(1)) {
        Ok(Args::Help) => say(HELP).map(|()| ExitCode::SUCCESS),
        Ok(Args::Snapshot(args)) => run(&args),
        Err(text) => Err(format!("{text}; `flowc-mcp --help` tells more").into()),
    };
    done.unwrap_or_else(|error| {
        // Where nothing can be said, the code still tells.
        let _ = writeln!(io::stderr(), "error: {error}");
        ExitCode::from(2)
    })
}

fn run(args: &SnapshotArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let now = runtime.block_on(take(args))?;
    match &args.out {
        Some(out) if args.check => check(out, &now, args),
        Some(out) => write(out, &now),
        None => say(&now.to_string()).map(|()| ExitCode::SUCCESS),
    }
}

/// Asks the server.
async fn take(args: &SnapshotArgs) -> Result<Snapshot> {
    let servers = McpServers::from_file(&args.servers).map_err(|error| with_help(&error, error.help()))?;
    let asked = async { snapshot(&servers.server(&args.server)?).await };
    let taken = tokio::time::timeout(args.timeout, asked).await;
    servers.close().await;
    match taken {
        Ok(Ok(snapshot)) => Ok(snapshot),
        Ok(Err(error)) => Err(with_help(&error, error.help().as_deref()).into()),
        Err(_) => {
            Err(format!("`{}` did not answer within {:?}; `--timeout` gives it more", args.server, args.timeout).into())
        }
    }
}

/// An error with the way out, if it knows one.
fn with_help(error: &dyn Error, help: Option<&str>) -> String {
    help.map_or_else(|| error.to_string(), |help| format!("{error}\nhelp: {help}"))
}

fn write(out: &Path, now: &Snapshot) -> Result<ExitCode> {
    let before = fs::read_to_string(out).ok().and_then(|text| text.parse::<Snapshot>().ok());
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(out, now.to_string()).map_err(|error| format!("cannot write {}: {error}", out.display()))?;
    let count = now.tools.len();
    let tools = if count == 1 { "tool" } else { "tools" };
    say(&format!("{}: {count} {tools} of `{}`\n", out.display(), now.server))?;
    if let Some(before) = before {
        let drift = Drift::between(&before, now);
        if !drift.is_empty() {
            say(&format!("what has changed since the last snapshot:\n{drift}\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares what is in the file with what would be written.
fn check(out: &Path, now: &Snapshot, args: &SnapshotArgs) -> Result<ExitCode> {
    let text = fs::read_to_string(out).map_err(|error| format!("cannot read {}: {error}", out.display()))?;
    if text.replace("\r\n", "\n") == now.to_string() {
        say(&format!("{}: as `{}` is now\n", out.display(), now.server))?;
        return Ok(ExitCode::SUCCESS);
    }
    let before: Snapshot = text.parse()?;
    let drift = Drift::between(&before, now);
    let what = if drift.is_empty() { "only in descriptions, versions or order".to_owned() } else { drift.to_string() };
    let (servers, server, out) = (args.servers.display(), &args.server, out.display());
    say(&format!(
        "{out}: `{}` has changed\n{what}\nhelp: `flowc-mcp snapshot {servers} {server} -o {out}` writes it anew\n",
        now.server
    ))?;
    Ok(ExitCode::from(1))
}

/// To the standard output. A reader that has gone away, as `head` does, is no error.
fn say(text: &str) -> Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

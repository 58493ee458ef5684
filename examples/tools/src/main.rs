//! `tools`: what was spent in a month, and what the next one will cost. See README.md.

mod flow;
mod python;
mod report;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use flowc_mcp::{McpServers, ServerConfig};

use flow::App;

const USAGE: &str = "usage: cargo run -p tools -- <month>, as in `cargo run -p tools -- 2026-03`";

#[tokio::main]
async fn main() -> ExitCode {
    match run(env::args().skip(1).collect()).await {
        Ok(text) => {
            // Nothing is left to be done if nobody reads.
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: Vec<String>) -> Result<String, Box<dyn Error>> {
    let [month] = <[String; 1]>::try_from(words).map_err(|_| USAGE)?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = python::find(folder).await?;
    let ledger = ServerConfig::stdio(python.to_string_lossy()).arg(folder.join("server/ledger.py").to_string_lossy());
    let servers = McpServers::builder().server("ledger", ledger).build();
    let app = App { servers: servers.clone() };
    let outlook = flow::outlook(month).run(&app).await;
    servers.close().await;
    Ok(report::text(&outlook?))
}

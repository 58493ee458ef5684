//! `tools`: a workflow over an MCP server in Python, which this program starts itself. See the README.

use std::env;
use std::error::Error;
use std::io::{Write, stdout};

use flowc::{Context, Engine, Resources, node, workflow};
use flowc_mcp::{CallOptions, McpError, McpServers, ServerConfig};
use serde::Deserialize;
use serde_json::json;

/// What the tool `measure` gives.
#[derive(Debug, Clone, Deserialize)]
pub struct Bed {
    name: String,
    moisture: f64,
}

/// What the tool `beds` gives.
#[derive(Deserialize)]
struct Names {
    result: Vec<String>,
}

/// The names of all beds.
#[node]
async fn beds(#[resource] servers: &McpServers, #[context] cx: &Context) -> Result<Vec<String>, McpError> {
    let result = servers.server("garden")?.call_with("beds", json!({}), &CallOptions::of(cx)).await?;
    Ok(result.success()?.value::<Names>()?.result)
}

/// How moist a bed is.
#[node(timeout = "10s")]
async fn measure(name: &str, #[resource] servers: &McpServers, #[context] cx: &Context) -> Result<Bed, McpError> {
    let garden = servers.server("garden")?;
    garden.call_with("measure", json!({ "name": name }), &CallOptions::of(cx)).await?.success()?.value()
}

/// What is to be done.
#[node]
fn plan(beds: Vec<Bed>, below: f64) -> Vec<String> {
    let dry = beds.into_iter().filter(|bed| bed.moisture < below);
    dry.map(|bed| format!("water the {}: {:.0} %", bed.name, bed.moisture)).collect()
}

workflow! {
    /// Says which beds are to be watered.
    pub fn watering(below: f64) -> Vec<String> {
        let beds = beds();
        #[max(4)]
        let measured = for bed in &beds { measure(bed) };
        plan(measured, below)
    }
}

#[derive(Resources)]
struct App {
    servers: McpServers,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let garden = ServerConfig::stdio(python).arg(concat!(env!("CARGO_MANIFEST_DIR"), "/garden.py"));
    let servers = McpServers::builder().server("garden", garden).build();
    let engine = Engine::builder().resources(App { servers: servers.clone() }).build();
    let todo = engine.start(watering(40.0)).await;
    servers.close().await;
    for line in todo? {
        writeln!(stdout(), "{line}")?;
    }
    Ok(())
}

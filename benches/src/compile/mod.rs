//! What a workflow costs to compile, beside the same work by hand.

mod rustc;
mod source;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustc::Cost;
pub(crate) use rustc::{INTO, stand_in};
use source::{Nodes, Shape, Way, source};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How many times the CPU seconds by hand a workflow may cost, at 100 and at 300 steps.
const TARGET: f64 = 2.0;

/// What the command line asks for.
pub(crate) struct Wish {
    pub(crate) sizes: Vec<usize>,
    pub(crate) filter: Option<String>,
}

/// Generates, compiles and prints the table; the same text goes to `into`.
pub(crate) fn run(wish: &Wish, into: &Path) -> Result<String> {
    let bench = Bench::new(into)?;
    let mut table = String::from(
        "| shape | nodes | steps | | by hand CPU s | flowc CPU s | ratio | target 2x | by hand MB | flowc MB | ratio |\n\
         |---|---|---:|---|---:|---:|---:|---|---:|---:|---:|\n",
    );
    print!("{table}");
    for shape in [Shape::Chain, Shape::Mixed] {
        for nodes in [Nodes::Distinct, Nodes::Few] {
            for &steps in &wish.sizes {
                for command in ["check", "build"] {
                    let title = format!("{} {} {steps} {command}", shape.name(), nodes.name());
                    if wish.filter.as_ref().is_some_and(|filter| !title.contains(filter.as_str())) {
                        continue;
                    }
                    let [hand, flow] = [Way::Hand, Way::Flow].map(|way| bench.cost(shape, nodes, way, steps, command));
                    let (hand, flow) = (hand?, flow?);
                    let line = line(shape, nodes, steps, command, hand, flow);
                    print!("{line}");
                    table += &line;
                }
            }
        }
    }
    Ok(table)
}

fn line(shape: Shape, nodes: Nodes, steps: usize, command: &str, hand: Option<Cost>, flow: Option<Cost>) -> String {
    let mut line = format!("| {} | {} | {steps} | {command} |", shape.name(), nodes.name());
    let (seconds, mega) = (|cost: Cost| cost.cpu.as_secs_f64(), |cost: Cost| cost.peak as f64 / 1e6);
    let cell = |value: Option<f64>, digits: usize| {
        value.map_or_else(|| "not finished".to_owned(), |value| format!("{value:.digits$}"))
    };
    let ratio = |of: &dyn Fn(Cost) -> f64| Some(of(flow?) / of(hand?));
    let cpu = ratio(&seconds);
    let mark = match cpu {
        _ if steps != 100 && steps != 300 => "",
        Some(ratio) if ratio <= TARGET => "pass",
        _ => "miss",
    };
    let _ = writeln!(
        line,
        " {} | {} | {} | {mark} | {} | {} | {} |",
        cell(hand.map(seconds), 2),
        cell(flow.map(seconds), 2),
        cell(cpu, 2),
        cell(hand.map(mega), 0),
        cell(flow.map(mega), 0),
        cell(ratio(&mega), 2),
    );
    line
}

/// The crates of one call, in one folder with one target folder, so that what they depend on is built once.
struct Bench {
    folder: PathBuf,
    into: PathBuf,
}

impl Bench {
    fn new(target: &Path) -> Result<Self> {
        let folder = target.join("crates");
        std::fs::create_dir_all(&folder)?;
        Ok(Self { into: folder.join("cost"), folder })
    }

    /// The least of two compilations, or of one where it takes long; none if it did not finish in time.
    fn cost(&self, shape: Shape, nodes: Nodes, way: Way, steps: usize, command: &str) -> Result<Option<Cost>> {
        let name = format!("{}-{}-{}-{steps}", shape.name(), nodes.name(), way.name());
        let package = self.write(&name, way, &source(shape, nodes, way, steps))?;
        // What it depends on, this crate too: cargo builds it all, and only the second time is measured.
        let Some(first) = self.compile(&package, &name, command)? else { return Ok(None) };
        if first.cpu > Duration::from_secs(10) {
            return Ok(Some(first));
        }
        let Some(second) = self.compile(&package, &name, command)? else { return Ok(None) };
        Ok(Some(Cost { cpu: first.cpu.min(second.cpu), peak: first.peak.min(second.peak) }))
    }

    fn write(&self, name: &str, way: Way, text: &str) -> Result<PathBuf> {
        let package = self.folder.join(name);
        std::fs::create_dir_all(package.join("src"))?;
        let flowc = Path::new(env!("CARGO_MANIFEST_DIR")).join("../flowc").canonicalize()?;
        let flowc = match way {
            Way::Flow => format!("flowc = {{ package = \"flowc-engine\", path = '{}' }}\n", flowc.display()),
            Way::Hand => String::new(),
        };
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
             [dependencies]\n{flowc}tokio = {{ version = \"1\", default-features = false, features = [\"macros\", \"rt\", \"sync\", \"time\"] }}\n"
        );
        std::fs::write(package.join("Cargo.toml"), manifest)?;
        std::fs::write(package.join("src/lib.rs"), text)?;
        // The same versions as in the workspace, and no question to the registry.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        std::fs::copy(lock, package.join("Cargo.lock"))?;
        Ok(package)
    }

    /// Compiles the crate from nothing, on a clock.
    fn compile(&self, package: &Path, name: &str, command: &str) -> Result<Option<Cost>> {
        let target = self.folder.join("target");
        // Nothing of an earlier compilation of this crate may help.
        forget(&target, name)?;
        let _ = std::fs::remove_file(&self.into);
        let ended = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([command, "--quiet", "--offline"])
            .current_dir(package)
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTC_WORKSPACE_WRAPPER", std::env::current_exe()?)
            .env(INTO, &self.into)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .output()?;
        match rustc::read(&self.into) {
            Ok(cost) if ended.status.success() || cost.is_none() => Ok(cost),
            _ => Err(format!(
                "`cargo {command}` of {name} failed ({}): {}",
                ended.status,
                String::from_utf8_lossy(&ended.stderr)
            )
            .into()),
        }
    }
}

/// Removes what cargo keeps of the crate; its dependencies stay.
fn forget(target: &Path, name: &str) -> Result<()> {
    let stem = name.replace('-', "_");
    for part in [".fingerprint", "deps", "incremental"] {
        let Ok(entries) = std::fs::read_dir(target.join("debug").join(part)) else { continue };
        for entry in entries {
            let entry = entry?;
            let file = entry.file_name().to_string_lossy().replace('-', "_");
            let file = file.strip_prefix("lib").unwrap_or(&file);
            if file.strip_prefix(&stem).is_some_and(|rest| rest.starts_with('_') || rest.starts_with('.')) {
                if entry.file_type()?.is_dir() {
                    std::fs::remove_dir_all(entry.path())?;
                } else {
                    std::fs::remove_file(entry.path())?;
                }
            }
        }
    }
    Ok(())
}

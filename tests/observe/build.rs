//! Prepares the chapter of the guide that needs the features of this package: each Rust block gets one hidden line more, which
//! brings in the nodes that the guide speaks of.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

const CAST: &str = "# #[allow(unused_imports)] use flowc_tests::cast::*;\n";

fn main() -> Result<(), Box<dyn Error>> {
    let page = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../docs/guide/observing.md");
    println!("cargo::rerun-if-changed={}", page.display());
    let mut text = String::new();
    for line in fs::read_to_string(page)?.lines() {
        text.push_str(line);
        text.push('\n');
        if line.starts_with("```rust") {
            text.push_str(CAST);
        }
    }
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("observing.md"), text)?;
    Ok(())
}

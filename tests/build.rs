//! Prepares the README and the pages of the guide for the tests.
//!
//! Each page is copied to the build folder, with one hidden line more in each Rust block without a `main`, which brings in the
//! nodes of `cast.rs`. And each block that a picture follows becomes a module of `pictures.rs`, so that `tests/pictures.rs` can
//! draw what the block says. A picture has the name of its workflow.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

const CAST: &str = "use flowc_tests::cast::*;";

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let guide = root.join("docs/guide");
    println!("cargo::rerun-if-changed={}", guide.display());
    let mut pages = vec![root.join("README.md")];
    for entry in fs::read_dir(guide)? {
        pages.push(entry?.path());
    }
    pages.sort();
    let (mut modules, mut list) = (String::new(), String::new());
    for page in pages.iter().filter(|page| page.extension().is_some_and(|end| end == "md")) {
        println!("cargo::rerun-if-changed={}", page.display());
        let text = fs::read_to_string(page)?;
        let is_index = page.parent().is_some_and(|parent| parent.ends_with("guide")) && page.ends_with("README.md");
        if !is_index {
            fs::write(out.join(name(page).replace('-', "_") + ".md"), with_cast(&text))?;
        }
        for (code, picture) in pictures(&text) {
            let cast = if has_main(&code) { "" } else { CAST };
            writeln!(
                modules,
                "mod {picture} {{\n{cast}\n{code}\npub fn draw() -> String {{ {picture}::GRAPH.to_svg() }}\n}}"
            )?;
            writeln!(list, "(\"{picture}\", {picture}::draw),")?;
        }
    }
    let list = format!("const PICTURES: &[(&str, fn() -> String)] = &[\n{list}];\n");
    fs::write(out.join("pictures.rs"), modules + &list)?;
    Ok(())
}

fn name(page: &Path) -> String {
    page.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A whole program stands for itself.
fn has_main(code: &str) -> bool {
    code.contains("fn main()")
}

/// The blocks of a page: the line of the opening fence, what it says, and the code.
fn blocks(text: &str) -> Vec<(usize, &str, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, String)> = None;
    for (index, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((index, info, String::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((_, _, code)), None) => {
                code.push_str(line);
                code.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

fn with_cast(text: &str) -> String {
    let blocks = blocks(text);
    let mut page = String::new();
    for (index, line) in text.lines().enumerate() {
        page.push_str(line);
        page.push('\n');
        let opens =
            |(at, info, code): &(usize, &str, String)| *at == index && info.starts_with("rust") && !has_main(code);
        if blocks.iter().any(opens) {
            page.push_str("# #[allow(unused_imports)] ");
            page.push_str(CAST);
            page.push('\n');
        }
    }
    page
}

/// The Rust blocks that a picture of this repository follows, with the name of the picture.
fn pictures(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, info, code) in blocks(text) {
        let behind = at + code.lines().count() + 2;
        let next = lines.iter().skip(behind).find(|line| !line.trim().is_empty());
        let picture = next.and_then(|line| line.strip_prefix("![")?.split_once("images/")?.1.split_once(".svg)"));
        if let (true, Some((picture, _))) = (info.starts_with("rust"), picture) {
            found.push((code, picture.to_owned()));
        }
    }
    found
}

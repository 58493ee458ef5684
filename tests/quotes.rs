//! What the README and the guide quote is what the compiler says: below a comment that names a file of `ui/` stands that file.
//!
//! To quote anew: `FLOWC_QUOTES=write cargo test -p flowc-tests --test quotes`

// A test that goes wrong may end at once.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;
use std::{env, fs};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn pages() -> Vec<PathBuf> {
    let guide = fs::read_dir(root().join("docs/guide")).unwrap().map(|entry| entry.unwrap().path());
    guide.chain([root().join("README.md")]).filter(|page| page.extension().is_some_and(|end| end == "md")).collect()
}

/// The page with each quote as it should be, and how many there are.
fn quoted(page: &str) -> (String, usize) {
    let (mut out, mut count, mut skipping) = (String::new(), 0, false);
    for line in page.lines() {
        if skipping {
            skipping = line != "```";
            continue;
        }
        out.push_str(line);
        out.push('\n');
        let named = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        if let Some(file) = named.filter(|file| file.ends_with(".stderr")) {
            let said = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            out.push_str("```text\n");
            out.push_str(said.replace("\r\n", "\n").trim_end());
            out.push_str("\n```\n");
            (count, skipping) = (count + 1, true);
        }
    }
    (out, count)
}

#[test]
fn the_pages_quote_what_the_compiler_says() {
    let write = env::var_os("FLOWC_QUOTES").is_some_and(|value| value == "write");
    let (mut stale, mut count) = (Vec::new(), 0);
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let (wanted, quotes) = quoted(&page);
        count += quotes;
        if write {
            fs::write(&path, &wanted).unwrap();
        } else if page != wanted {
            stale.push(path);
        }
    }
    assert!(stale.is_empty(), "quotes have changed in {stale:?}; quote them anew as the head of this file says");
    assert!(count >= 5, "only {count} quotes were found");
}

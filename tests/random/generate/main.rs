//! Writes random workflows, each beside the same program in plain Rust.
#![allow(clippy::cloned_ref_to_slice_refs, clippy::type_complexity, reason = "a generator reads best as it writes")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod branches;
mod calls;
mod program;
mod random;
mod repeats;
mod simple;
mod wide;

use std::fmt::Write;
use std::path::Path;

/// So many of the first programs are looked at for those whose nodes can be called elsewhere.
const REMOTE: u64 = 40;

fn main() {
    println!("cargo::rerun-if-changed=generate");
    let number = |name: &str, usual: u64| {
        println!("cargo::rerun-if-env-changed={name}");
        std::env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
    };
    let (first, count) = (number("FLOWC_RANDOM_SEED", 1), number("FLOWC_RANDOM_COUNT", 150));
    let mut out = String::from(
        "use flowc::workflow;\nuse crate::nodes::*;\nuse crate::record::{Record, made};\nuse crate::values::*;\nuse crate::{App, Case};\n",
    );
    let (mut cases, mut remote) = (String::new(), String::new());
    for seed in first..first + count {
        let program = program::program(seed);
        let _ = writeln!(out, "{}", program.text);
        let _ = writeln!(cases, "    {},", program.case);
        // Each of them is compiled once more for this, so that some are enough.
        if let Some(visit) = program.remote.filter(|_| seed < first + REMOTE) {
            let _ = writeln!(remote, "    {visit}");
        }
    }
    let _ = writeln!(out, "pub const CASES: &[Case] = &[\n{cases}];");
    let _ = writeln!(
        out,
        "#[cfg(feature = \"remote\")]\npub fn remote<V: crate::Visitor>(mut visitor: V) -> V {{\n{remote}    visitor\n}}"
    );
    let to = std::env::var_os("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&to).join("generated.rs"), out).expect("the folder is ours");
}

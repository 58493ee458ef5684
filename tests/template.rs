//! The template of a node crate, used as its README says: copied, renamed, tested.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Copies a folder with all that is in it, its texts changed.
fn copy(from: &Path, to: &Path, change: &dyn Fn(&str) -> String) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target, change);
        } else {
            fs::write(target, change(&fs::read_to_string(entry.path()).unwrap())).unwrap();
        }
    }
}

#[test]
fn a_copy_with_another_name_passes_its_tests() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("template");
    let _ = fs::remove_dir_all(home.join("crate"));
    let engine = format!("path = {:?}", root.join("flowc"));
    copy(&root.join("templates/node-crate"), &home.join("crate"), &|text| {
        // Until flowc is in a registry it is that of this repository.
        let text = text
            .replace("package = \"flowc-engine\", version = \"0.1\"", &format!("package = \"flowc-engine\", {engine}"));
        text.replace("example-nodes", "weather-nodes").replace("example_nodes", "weather_nodes")
    });
    // A workspace of its own, with the versions that are here already.
    let manifest = home.join("crate/Cargo.toml");
    fs::write(&manifest, fs::read_to_string(&manifest).unwrap() + "\n[workspace]\n").unwrap();
    fs::copy(root.join("Cargo.lock"), home.join("crate/Cargo.lock")).unwrap();
    for features in [&["--all-features"][..], &["--no-default-features", "--lib"]] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.arg("test").arg("--offline").args(features).current_dir(home.join("crate"));
        cargo.env("CARGO_TARGET_DIR", home.join("target")).env("RUSTFLAGS", "-D warnings");
        let output = cargo.output().unwrap();
        let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        assert!(output.status.success(), "{text}");
        assert!(text.contains("a_known_word_is_defined ... ok"), "{text}");
    }
}

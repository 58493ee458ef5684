//! A toolchain of one version: where to look for it, and how to run its cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::debian;
use crate::Result;
use crate::shell::{capture, cargo, read};

#[derive(Debug)]
pub(super) struct Toolchain {
    /// What `rustc --version` says, such as `1.85.1`.
    pub(super) version: String,
    pub(super) origin: String,
    /// The folder with `cargo` and `rustc`.
    pub(super) programs: PathBuf,
    /// Where its shared libraries lie, when the system would not find them.
    pub(super) libraries: Vec<PathBuf>,
}

impl Toolchain {
    /// Its cargo, cut off from the toolchain that runs this program.
    pub(super) fn cargo(&self) -> Command {
        let mut command = Command::new(self.programs.join("cargo"));
        for (name, value) in cargo().get_envs() {
            if value.is_none() {
                command.env_remove(name);
            }
        }
        for name in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
            command.env_remove(name);
        }
        command.env("RUSTC", self.programs.join("rustc"));
        self.find_libraries(&mut command);
        command
    }

    /// Shows a program of the toolchain where its libraries lie. Rustup's programs find their own.
    fn find_libraries(&self, command: &mut Command) {
        match std::env::join_paths(&self.libraries) {
            Ok(paths) if !paths.is_empty() => command.env("LD_LIBRARY_PATH", paths),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }

    /// The version that its compiler reports, if it runs at all.
    pub(super) fn ask_version(&self) -> Result<String> {
        let mut rustc = Command::new(self.programs.join("rustc"));
        self.find_libraries(&mut rustc);
        let text = read(rustc.arg("--version").env_remove("RUSTUP_TOOLCHAIN"))?;
        text.split(' ').nth(1).map(ToString::to_string).ok_or_else(|| format!("rustc calls itself {text:?}").into())
    }
}

/// A toolchain of the version `wanted`, such as `1.85`, if there is one to be had; `target` is where one may be unpacked.
pub(super) fn find(wanted: &str, target: &Path) -> Result<Option<Toolchain>> {
    match from_rustup(wanted) {
        Some(toolchain) => Ok(Some(toolchain)),
        None => debian::unpack(wanted, target),
    }
}

/// One that rustup has installed already. Nothing is downloaded here: that is the user's choice.
fn from_rustup(wanted: &str) -> Option<Toolchain> {
    let list = capture(Command::new("rustup").args(["toolchain", "list"])).ok()?;
    let name = choose(&list.stdout, wanted)?;
    let path = read(Command::new("rustup").args(["which", "--toolchain", &name, "cargo"])).ok()?;
    let programs = PathBuf::from(path.trim()).parent()?.to_path_buf();
    let toolchain = Toolchain { version: String::new(), origin: "rustup".to_string(), programs, libraries: Vec::new() };
    let version = toolchain.ask_version().ok()?;
    matches(&version, wanted).then_some(Toolchain { version, ..toolchain })
}

/// The toolchain in rustup's list whose name begins with the version.
fn choose(list: &str, wanted: &str) -> Option<String> {
    let names = list.lines().filter_map(|line| line.split_whitespace().next());
    let version = |name: &str| name.split('-').next().is_some_and(|version| matches(version, wanted));
    names.into_iter().find(|name| version(name)).map(ToString::to_string)
}

/// Whether `version` is `wanted`, or a patch release of it when `wanted` names none.
pub(super) fn matches(version: &str, wanted: &str) -> bool {
    version == wanted || version.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_release_keeps_the_promise_and_another_minor_does_not() {
        assert!(matches("1.85", "1.85") && matches("1.85.1", "1.85") && matches("1.85.0", "1.85.0"));
        assert!(
            !matches("1.8", "1.85")
                && !matches("1.850", "1.85")
                && !matches("1.96.0", "1.85")
                && !matches("1.85.1", "1.85.0")
        );
    }

    #[test]
    fn the_version_is_found_in_the_list_of_rustup() {
        let list = "stable-x86_64-unknown-linux-gnu (active, default)\n1.95.0-x86_64-unknown-linux-gnu\n1.85-x86_64-unknown-linux-gnu\n";
        assert_eq!(choose(list, "1.85").as_deref(), Some("1.85-x86_64-unknown-linux-gnu"));
        assert_eq!(choose(list, "1.70"), None);
        assert_eq!(choose("no installed toolchains\n", "1.85"), None);
    }

    #[test]
    fn its_cargo_uses_its_own_compiler_and_libraries() {
        let toolchain = Toolchain {
            version: "1.85.0".to_string(),
            origin: "a test".to_string(),
            programs: "/x/bin".into(),
            libraries: vec!["/x/lib".into()],
        };
        let cargo = toolchain.cargo();
        let set = |name: &str| {
            cargo
                .get_envs()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.map(|v| v.to_string_lossy().into_owned()))
        };
        assert_eq!(set("RUSTC"), Some(Some("/x/bin/rustc".to_string())));
        assert_eq!(set("LD_LIBRARY_PATH"), Some(Some("/x/lib".to_string())));
        assert_eq!(set("RUSTUP_TOOLCHAIN"), Some(None));
    }
}

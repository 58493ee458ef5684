//! An older Rust out of Debian's packages, unpacked into a private folder and never installed.
//!
//! Debian stable carries `rustc-web` beside its own older `rustc`; newer versions of it arrive as security updates, so
//! the version is always named and never left to apt's choice.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::toolchain::{Toolchain, matches};
use crate::Result;
use crate::shell::{capture, read, run};

const COMPILER: &str = "rustc-web";
const CARGO: &str = "cargo-web";

/// The toolchain of the version `wanted` under `target`, unpacked now if it is not there yet; none if Debian carries no such version.
pub(super) fn unpack(wanted: &str, target: &Path) -> Result<Option<Toolchain>> {
    let folder = target.join("msrv-toolchain").join(wanted);
    if let Ok(toolchain) = open(&folder, wanted) {
        return Ok(Some(toolchain));
    }
    let Some(version) = offered(wanted)? else { return Ok(None) };
    println!("unpacking Debian's {COMPILER} {version} into {} (about 100 MB to download)", folder.display());
    // What an interrupted attempt left behind is not trusted.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let downloads = folder.join("downloads");
    fs::create_dir_all(&downloads)?;
    let mut packages: Vec<_> = [CARGO, COMPILER].iter().map(|name| format!("{name}={version}")).collect();
    packages.extend(libraries(&packages, &version)?);
    let mut download = Command::new("apt-get");
    // Without its sandbox user, apt may write into a folder that belongs to whoever runs this.
    download.args(["-q", "-o", "APT::Sandbox::User=", "download"]).args(&packages).current_dir(&downloads);
    run(&mut download)?;
    for entry in fs::read_dir(&downloads)? {
        read(Command::new("dpkg").arg("-x").arg(entry?.path()).arg(&folder))?;
    }
    fs::remove_dir_all(&downloads)?;
    open(&folder, wanted).map(Some)
}

/// A toolchain that lies unpacked in `folder`, once its compiler has said its version.
fn open(folder: &Path, wanted: &str) -> Result<Toolchain> {
    let libraries = library_folders(folder)?;
    let origin = format!("Debian's {COMPILER}");
    let toolchain = Toolchain { version: String::new(), origin, programs: folder.join("usr/bin"), libraries };
    let version = toolchain.ask_version()?;
    if matches(&version, wanted) {
        Ok(Toolchain { version, ..toolchain })
    } else {
        Err(format!("it is {version}").into())
    }
}

/// Debian puts libraries into a folder per architecture, under `/usr/lib` or `/lib`.
fn library_folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for lib in ["usr/lib", "lib"].map(|lib| folder.join(lib)).into_iter().filter(|lib| lib.is_dir()) {
        for entry in fs::read_dir(lib)? {
            let path = entry?.path();
            if path.is_dir() && path.file_name().is_some_and(|name| name.to_string_lossy().contains("-linux-")) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The full version of the package that carries Rust `wanted`, if one does. Apt's lists are fetched if they are not there.
fn offered(wanted: &str) -> Result<Option<String>> {
    let ask = || read(Command::new("apt-cache").args(["madison", COMPILER]));
    let mut list = ask()?;
    if choose(&list, wanted).is_none() {
        println!("apt knows no {COMPILER} {wanted}; fetching its lists");
        // This needs the rights to do so. Without them, the answer below is the same as before.
        let _ = capture(Command::new("apt-get").args(["-q", "update"]))?;
        list = ask()?;
    }
    Ok(choose(&list, wanted))
}

/// The version in a table of `package | version | where from`.
fn choose(list: &str, wanted: &str) -> Option<String> {
    let versions = list.lines().filter_map(|line| Some(line.split('|').nth(1)?.trim()));
    let upstream = |version: &str| version.split(['+', '-']).next().is_some_and(|upstream| matches(upstream, wanted));
    versions.into_iter().find(|version| upstream(version)).map(ToString::to_string)
}

/// The libraries that the packages need and the machine does not have, over as many steps as it takes.
fn libraries(packages: &[String], version: &str) -> Result<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut open: VecDeque<_> = packages.iter().cloned().collect();
    while let Some(package) = open.pop_front() {
        let card = read(Command::new("apt-cache").args(["show", "--no-all-versions", &package]))?;
        for name in needs(&card) {
            if !seen.insert(name.clone()) || is_installed(&name) {
                continue;
            }
            // The compiler's own libraries must be of its version; apt would take the newest.
            let exact = if name.starts_with("libstd-rust-web") { format!("{name}={version}") } else { name };
            found.push(exact.clone());
            open.push_back(exact);
        }
    }
    Ok(found)
}

/// The libraries on the `Depends:` line of a package's card. Tools on it, such as a linker, are the machine's affair.
fn needs(card: &str) -> Vec<String> {
    let line = card.lines().find_map(|line| line.strip_prefix("Depends:")).unwrap_or_default();
    // Of alternatives, the first is the one that Debian prefers.
    let name =
        |need: &str| need.split('|').next().and_then(|first| first.split_whitespace().next()).map(ToString::to_string);
    line.split(',').filter_map(name).filter(|name| name.starts_with("lib") && name != "libc-dev").collect()
}

fn is_installed(name: &str) -> bool {
    let query = capture(Command::new("dpkg-query").args(["-W", "-f", "${Status}", name]));
    query.is_ok_and(|outcome| outcome.status.success() && outcome.stdout.contains("install ok installed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_version_is_taken_and_not_the_newest() {
        let list = " rustc-web | 1.96.0+dfsg1-1~deb12u2 | security\n rustc-web | 1.85.0+dfsg3-1~deb12u3 | main\n";
        assert_eq!(choose(list, "1.85").as_deref(), Some("1.85.0+dfsg3-1~deb12u3"));
        assert_eq!(choose(list, "1.70"), None);
        assert_eq!(choose("", "1.85"), None);
    }

    #[test]
    fn libraries_are_read_off_the_card() {
        let card = "Package: cargo-web\nDepends: libc6 (>= 2.34), libhttp-parser2.9 (>= 2.1), rustc-web (= 1.85), gcc | clang, libc-dev, libpcre3 | libpcre4\n";
        assert_eq!(needs(card), ["libc6", "libhttp-parser2.9", "libpcre3"]);
        assert_eq!(needs("Package: a\n"), [""; 0]);
    }

    #[test]
    fn an_empty_folder_is_no_toolchain() {
        assert!(open(Path::new("/nonexistent/msrv"), "1.85").is_err());
    }
}

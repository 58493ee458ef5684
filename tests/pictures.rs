//! The pictures of the README and the guide are drawn from the code that stands above them.
//!
//! To draw them anew: `FLOWC_PICTURES=write cargo test -p flowc-tests --test pictures`
#![allow(
    clippy::type_complexity,
    clippy::ptr_arg,
    clippy::useless_vec,
    reason = "the pictures are drawn from the guide as it stands"
)]

#[allow(dead_code, unused_imports, unreachable_pub, missing_docs, reason = "blocks of the guide stand alone")]
#[deny(unused_variables, unused_mut, unused_must_use)]
mod drawn {
    include!(concat!(env!("OUT_DIR"), "/pictures.rs"));

    pub(super) fn all() -> impl Iterator<Item = (&'static str, String)> {
        PICTURES.iter().map(|(name, draw)| (*name, draw()))
    }
}

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/images")
}

#[test]
fn the_pictures_show_the_code_above_them() {
    let write = env::var_os("FLOWC_PICTURES").is_some_and(|value| value == "write");
    let mut stale = Vec::new();
    for (name, svg) in drawn::all() {
        let path = folder().join(name).with_extension("svg");
        if write {
            fs::write(&path, &svg).unwrap();
        }
        // A checkout may have other ends of lines.
        if fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n") != svg {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "not as the code says: {stale:?}; draw them anew as the head of this file says");
}

#[test]
fn no_picture_is_left_over() {
    // The other test may be about to write one of them.
    if env::var_os("FLOWC_PICTURES").is_some() {
        return;
    }
    let mut drawn: BTreeSet<String> = drawn::all().map(|(name, _)| format!("{name}.svg")).collect();
    // The picture of a run at work is compared where the run is played, in tests/observe.
    drawn.insert("status.svg".to_owned());
    let there: BTreeSet<String> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, drawn);
}

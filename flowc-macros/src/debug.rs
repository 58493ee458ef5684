//! `FLOWC_DEBUG_MACRO=answer` prints what the macros make of the node or the workflow `answer`, while it is compiled.

use std::io::Write;

use proc_macro2::TokenStream;

/// Prints the expansion of `name`, if it was asked for. What could not be printed is no reason to stop.
pub(crate) fn show(name: &str, expansion: &TokenStream) {
    let asked = std::env::var("FLOWC_DEBUG_MACRO").is_ok_and(|asked| asked == name.trim_start_matches("r#"));
    if asked {
        let _ = writeln!(std::io::stderr(), "// the expansion of `{name}`\n{expansion}");
    }
}

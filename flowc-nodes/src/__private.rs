//! The one door for generated code. It may change in any release.
#![doc(hidden)]

use std::fmt::{Arguments, Debug, Display, Write};

/// A field of a prompt, to be shown.
pub fn display<T: Display>(value: &T) -> &dyn Display {
    value
}

/// The same with `:?`.
pub fn debug<T: Debug>(value: &T) -> &dyn Debug {
    value
}

/// Writes at the end of a prompt. An impl of `Display` that fails leaves out what it did not write.
pub fn write(to: &mut String, what: Arguments<'_>) {
    let _ = to.write_fmt(what);
}

/// The condition of an `{#if}`.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "items of loops are references, and become this one")]
pub fn holds(condition: &bool) -> bool {
    *condition
}

/// The value of an `{#if let Some(..)}`.
#[allow(clippy::ref_option, reason = "the same")]
pub fn some<T>(value: &Option<T>) -> Option<&T> {
    value.as_ref()
}

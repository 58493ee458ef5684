//! Where rustc and editors part.

/// Takes `{ what rustc compiles } { what editors see }`. For generated code only.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor {
    ({ $($real:tt)* } $view:tt) => { $($real)* };
}

/// Takes `{ what rustc compiles } { what editors see }`. For generated code only.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor {
    ($real:tt { $($view:tt)* }) => { $($view)* };
}

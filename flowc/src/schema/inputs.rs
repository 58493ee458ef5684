use std::ffi::{CStr, CString, OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::step::Step;

/// A step whose inputs can come from outside, where nobody is there to lend them: what it takes by `&` is owned until it is done.
///
/// `#[node]` and `workflow!` write it, and the names, types and docs of the inputs stand in [`Step::SPEC`]. Nothing is asked of the
/// types here: what reads or stores inputs asks it of [`Owned`](Self::Owned).
///
/// ```
/// use flowc::schema::Inputs;
///
/// #[flowc::node]
/// fn find(words: &[String], text: &str, most: usize) -> usize {
///     words.iter().filter(|word| text.contains(*word)).count().min(most)
/// }
///
/// let owned: <find as Inputs>::Owned = (vec!["cat".to_owned()], "a cat".to_owned(), 5);
/// let mut held = None;
/// let (words, text, most) = find::lend(owned, &mut held);
/// assert_eq!(find(words, text, most), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "the inputs of `{Self}` have no owned form",
    label = "its inputs cannot come from outside",
    note = "an input that borrows inside, as `Option<&str>` does, cannot: take it by value, or by one `&` as a whole"
)]
pub trait Inputs: Step {
    /// A tuple of its inputs in the order of the parameters: `T` for `T` and `&T`, `String` for `&str`, `Vec<T>` for `&[T]`,
    /// `PathBuf` for `&Path`.
    type Owned;

    /// Those of them that it takes by `&`.
    type Held;

    /// The inputs as the step takes them. What it takes by `&` is kept in `held`, and lent from there.
    fn lend(owned: Self::Owned, held: &mut Option<Self::Held>) -> Self::Input<'_>;
}

/// What can be lent as a `&Self`, and what owns it meanwhile: every type owns itself, and `str`, `[T]`, `Path` and the like have
/// a type that does.
///
/// ```
/// use flowc::schema::Lend;
/// use std::path::{Path, PathBuf};
///
/// let owned: <Path as Lend>::Owned = PathBuf::from("notes.md");
/// assert_eq!(Path::lend(&owned), Path::new("notes.md"));
/// ```
#[diagnostic::on_unimplemented(
    message = "nothing is known to own a `{Self}`",
    label = "an input `&{Self}` cannot come from outside",
    note = "an input from outside is taken by value, or by `&` to a type with a known size, to `str`, a slice, or a path"
)]
pub trait Lend {
    /// What owns it.
    type Owned;

    /// Lends it.
    fn lend(owned: &Self::Owned) -> &Self;
}

impl<T> Lend for T {
    type Owned = T;

    fn lend(owned: &T) -> &T {
        owned
    }
}

impl<T> Lend for [T] {
    type Owned = Vec<T>;

    fn lend(owned: &Vec<T>) -> &[T] {
        owned
    }
}

/// Lends what the standard library has an owned form of.
macro_rules! lend {
    ($($lent:ty as $owned:ty),*) => {
        $(impl Lend for $lent {
            type Owned = $owned;

            fn lend(owned: &$owned) -> &$lent {
                owned
            }
        })*
    };
}

lend!(str as String, Path as PathBuf, OsStr as OsString, CStr as CString);

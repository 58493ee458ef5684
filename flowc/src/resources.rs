//! How a node finds what the application provides.

/// The application, or whoever provides resources, has a `T`.
///
/// `#[derive(Resources)]` implements it for each field of a struct. Written by hand it gives full freedom:
///
/// ```
/// use flowc::Provides;
///
/// struct App {
///     indexes: Vec<String>,
/// }
///
/// impl Provides<[String]> for App {
///     fn provide(&self) -> &[String] {
///         &self.indexes
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the application `{Self}` has no resource `{T}`",
    label = "`{Self}` provides no `{T}`",
    note = "give `{Self}` a field of type `{T}` (or `Box<{T}>`, `Arc<{T}>`) and derive `flowc::Resources`, or implement `flowc::Provides<{T}>` for it"
)]
pub trait Provides<T: ?Sized> {
    /// The resource.
    fn provide(&self) -> &T;
}

/// What is shared provides what it holds.
#[diagnostic::do_not_recommend]
impl<T: ?Sized, A: Provides<T> + ?Sized> Provides<T> for std::sync::Arc<A> {
    #[inline]
    fn provide(&self) -> &T {
        (**self).provide()
    }
}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, A: Provides<T> + ?Sized> Provides<T> for &A {
    #[inline]
    fn provide(&self) -> &T {
        (**self).provide()
    }
}

use std::fmt;
use std::marker::PhantomData;

/// A value that a graph will have when it runs: an input of it, or what one of its steps gives.
///
/// It is used as the value itself would be: `&handle` lends the value to a step that takes a `&T`, and `handle` gives it away to one that
/// takes a `T`, after which it cannot be used again. A step that is given a value waits for those it was lent to.
///
/// ```compile_fail,E0382
/// use flowc::dynamic::Graph;
///
/// #[flowc::node]
/// fn shout(text: String) -> String {
///     text.to_uppercase()
/// }
/// let graph = Graph::<()>::builder("twice").input::<String>("text").build(|graph, (text,)| {
///     let _once = graph.add::<shout>((text,));
///     graph.add::<shout>((text,))
/// });
/// ```
pub struct Handle<'g, T> {
    /// The entry that gives it.
    pub(super) entry: usize,
    graph: Brand<'g>,
    value: PhantomData<fn() -> T>,
}

/// A lifetime that fits no other: what belongs to one graph cannot be used in another.
pub(super) type Brand<'g> = PhantomData<fn(&'g ()) -> &'g ()>;

impl<T> Handle<'_, T> {
    pub(super) fn new(entry: usize) -> Self {
        Self { entry, graph: PhantomData, value: PhantomData }
    }
}

impl<T> fmt::Debug for Handle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle<{}>({})", crate::text::short(std::any::type_name::<T>()), self.entry)
    }
}

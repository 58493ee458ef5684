//! How the values that handles stand for become the inputs of a step.

use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;
use std::vec::IntoIter;

use super::Handle;
use crate::step::Step;

/// A value on its way between steps.
pub(super) type Value = Arc<dyn Any + Send + Sync>;

/// The values for one call, in the order of its inputs.
pub(super) type Values = IntoIter<Value>;

/// A step that can be added to a graph. `#[node]` and `workflow!` write it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the inputs of `{Self}` have no owned form",
    label = "it cannot be a step of a graph that is made at run time",
    note = "an input that borrows inside, as `Option<&str>` does, cannot: take it by value, or by one `&` as a whole"
)]
pub trait Wires: Step {
    /// Its inputs: `T` for what it takes by value, and [`Ref`] of the owned form for what it takes by `&`.
    type Wired;

    /// Those of them that it takes by `&`.
    type Held;

    /// The inputs as the step takes them.
    fn wire(wired: Self::Wired, held: &mut Option<Self::Held>) -> Self::Input<'_>;
}

/// What a step takes by `&`.
#[derive(Debug)]
pub struct Ref<T>(Arc<T>);

impl<T> Deref for Ref<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// One argument of a step.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the step takes `{W}` here, and is given `{Self}`",
    label = "an argument that does not fit",
    note = "`&handle` lends a value to the step, as `Ref<T>`; `handle` gives it away, as `T`"
)]
pub trait Arg<'g, W> {
    /// Whose value it is, and whether the step gets it for itself.
    fn wire(self) -> Wire;

    /// The value as the step takes it; `None` if it is another's, which the types rule out.
    fn read(value: Value) -> Option<W>;
}

/// An edge to a step.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Wire {
    /// The entry that gives the value.
    pub(super) from: usize,
    /// The step owns it from then on.
    pub(super) takes: bool,
}

impl<'g, T: Send + Sync + 'static> Arg<'g, T> for Handle<'g, T> {
    fn wire(self) -> Wire {
        Wire { from: self.entry, takes: true }
    }

    fn read(value: Value) -> Option<T> {
        Arc::into_inner(value.downcast().ok()?)
    }
}

impl<'g, T: Send + Sync + 'static> Arg<'g, Ref<T>> for &Handle<'g, T> {
    fn wire(self) -> Wire {
        Wire { from: self.entry, takes: false }
    }

    fn read(value: Value) -> Option<Ref<T>> {
        value.downcast().ok().map(Ref)
    }
}

/// Several values for a step that takes one of them at a time.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the step takes `{W}` for each item, and is given `{Self}`",
    label = "not a list of what the step takes",
    note = "a step with one input is called for each item of a `Handle<Vec<T>>`: it takes a `T` or a `&T`"
)]
pub trait Items<'g, W> {
    /// Whose value they are.
    fn wire(self) -> Wire;

    /// The inputs for each item.
    fn read(values: &mut Values) -> Option<Vec<W>>;
}

#[diagnostic::do_not_recommend]
impl<'g, T: Send + Sync + 'static> Items<'g, (T,)> for Handle<'g, Vec<T>> {
    fn wire(self) -> Wire {
        Arg::<Vec<T>>::wire(self)
    }

    fn read(values: &mut Values) -> Option<Vec<(T,)>> {
        let items = <Self as Arg<Vec<T>>>::read(values.next()?)?;
        Some(items.into_iter().map(|item| (item,)).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<'g, T: Send + Sync + 'static> Items<'g, (Ref<T>,)> for Handle<'g, Vec<T>> {
    fn wire(self) -> Wire {
        Arg::<Vec<T>>::wire(self)
    }

    fn read(values: &mut Values) -> Option<Vec<(Ref<T>,)>> {
        let items = <Self as Arg<Vec<T>>>::read(values.next()?)?;
        Some(items.into_iter().map(|item| (Ref(Arc::new(item)),)).collect())
    }
}

/// The arguments of a step, a tuple in the order of its inputs.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the step takes the inputs `{W}`, and is given `{Self}`",
    label = "the arguments are not one tuple with as many handles as the step has inputs",
    note = "write them as in `graph.add::<search>((&query, limit))`, or `((&query,))` for one"
)]
pub trait Args<'g, W> {
    /// The edges.
    fn wires(self) -> Vec<Wire>;

    /// The inputs.
    fn read(values: &mut Values) -> Option<W>;
}

/// Tuples as arguments.
macro_rules! args {
    ($($($arg:ident $input:ident $name:ident),+;)+) => {
        $(impl<'g, $($arg: Arg<'g, $input>, $input),+> Args<'g, ($($input,)+)> for ($($arg,)+) {
            fn wires(self) -> Vec<Wire> {
                let ($($name,)+) = self;
                vec![$($name.wire()),+]
            }

            fn read(values: &mut Values) -> Option<($($input,)+)> {
                Some(($($arg::read(values.next()?)?,)+))
            }
        })+
    };
}

impl Args<'_, ()> for () {
    fn wires(self) -> Vec<Wire> {
        Vec::new()
    }

    fn read(_: &mut Values) -> Option<()> {
        Some(())
    }
}

args! {
    A0 W0 a0;
    A0 W0 a0, A1 W1 a1;
    A0 W0 a0, A1 W1 a1, A2 W2 a2;
    A0 W0 a0, A1 W1 a1, A2 W2 a2, A3 W3 a3;
    A0 W0 a0, A1 W1 a1, A2 W2 a2, A3 W3 a3, A4 W4 a4;
    A0 W0 a0, A1 W1 a1, A2 W2 a2, A3 W3 a3, A4 W4 a4, A5 W5 a5;
    A0 W0 a0, A1 W1 a1, A2 W2 a2, A3 W3 a3, A4 W4 a4, A5 W5 a5, A6 W6 a6;
    A0 W0 a0, A1 W1 a1, A2 W2 a2, A3 W3 a3, A4 W4 a4, A5 W5 a5, A6 W6 a6, A7 W7 a7;
    A0 W0 a0, A1 W1 a1, A2 W2 a2, A3 W3 a3, A4 W4 a4, A5 W5 a5, A6 W6 a6, A7 W7 a7, A8 W8 a8;
    A0 W0 a0, A1 W1 a1, A2 W2 a2, A3 W3 a3, A4 W4 a4, A5 W5 a5, A6 W6 a6, A7 W7 a7, A8 W8 a8, A9 W9 a9;
}

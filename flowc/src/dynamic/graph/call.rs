//! The steps of a graph as objects, for each of the executors that they are compiled for.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use super::inputs::GraphInputs;
use super::plan::Plan;
use super::wire::{Args, Items, Value, Values, Wires};
use super::workflow::{GraphCall, GraphWorkflow};
use crate::error::{Failure, FailureKind};
use crate::run::{At, Executor, Frame, Known, map, mapped};
use crate::step::{ResourcesFrom, Step};

/// A call on its way.
pub(super) type Begun<'s> = Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send + 's>>;

/// A step on its way, before its result is known.
type Beginning<'s, X, S> = Pin<Box<dyn Future<Output = <X as Executor>::Ended<S>> + Send + 's>>;

pub(super) trait Call<App>: Send + Sync {
    /// Begins it on these values; `at` is the level of the graph.
    fn begin<'s>(&'s self, at: Known<'s>, values: Values, app: &'s App) -> Begun<'s>;
}

/// Calls `$begin` for the executor that it is.
macro_rules! known {
    ($at:ident, $begin:expr) => {
        match $at {
            Known::InProcess($at) => $begin,
            Known::Tracked($at) => $begin,
            Known::Observed($at) => $begin,
        }
    };
}

/// A call of the step `S`.
pub(super) struct Typed<S: Wires> {
    vertex: u32,
    read: fn(&mut Values) -> Option<S::Wired>,
}

impl<S: Wires> Typed<S> {
    /// The arguments are looked at for their type alone.
    pub(super) fn new<'g, A: Args<'g, S::Wired>>(vertex: u32, _: &A) -> Self {
        Self { vertex, read: A::read }
    }
}

impl<App, S> Call<App> for Typed<S>
where
    App: Sync,
    S: Wires<Wired: Send, Held: Send> + ResourcesFrom<App>,
    S::Output: Sync,
    for<'x> <S as Step>::Resources<'x>: Send,
{
    fn begin<'s>(&'s self, at: Known<'s>, mut values: Values, app: &'s App) -> Begun<'s> {
        let inputs = (self.read)(&mut values);
        known!(at, Box::pin(value(at, inputs.map(|inputs| step::<S, _, _>(at.vertex(self.vertex), inputs, app)))))
    }
}

/// What a call gives, as a value among others.
async fn value<X: Copy, T: Send + Sync + 'static>(
    at: At<'_, X>,
    call: Option<impl Future<Output = Result<T, Failure>>>,
) -> Result<Value, Failure> {
    match call {
        Some(call) => Ok(Arc::new(call.await?)),
        None => Err(lost(at)),
    }
}

/// The step `S` on inputs that it holds meanwhile.
async fn step<'s, S, X, App>(at: At<'s, X>, inputs: S::Wired, app: &'s App) -> Result<S::Output, Failure>
where
    App: Sync,
    X: Executor + 's,
    S: Wires<Wired: Send, Held: Send> + ResourcesFrom<App>,
    for<'x> <S as Step>::Resources<'x>: Send,
{
    let mut held = None;
    // In a box, as what is awaited must not name the lifetime of `held`: <https://github.com/rust-lang/rust/issues/100013>.
    let begun: Beginning<'_, X, S> = Box::pin(X::step::<S>(at, S::wire(inputs, &mut held), S::resources(app)));
    X::settle_any::<S>(begun.await, at)
}

/// A graph in a graph.
pub(super) struct Nested<App, I, O> {
    vertex: u32,
    plan: Arc<Plan<App>>,
    read: fn(&mut Values) -> Option<I>,
    output: PhantomData<fn() -> O>,
}

impl<App, I, O> Nested<App, I, O> {
    /// The arguments are looked at for their type alone.
    pub(super) fn new<'g, A: Args<'g, I>>(vertex: u32, plan: &Arc<Plan<App>>, _: &A) -> Self {
        Self { vertex, plan: Arc::clone(plan), read: A::read, output: PhantomData }
    }
}

impl<App, I, O> Call<App> for Nested<App, I, O>
where
    App: Sync + 'static,
    I: GraphInputs,
    O: Send + Sync + 'static,
{
    fn begin<'s>(&'s self, at: Known<'s>, mut values: Values, app: &'s App) -> Begun<'s> {
        let inputs = (self.read)(&mut values);
        let call = inputs.map(|inputs| GraphCall { plan: Arc::clone(&self.plan), inputs });
        known!(at, {
            let here = at.vertex(self.vertex);
            let begun = call.map(|call| graph::<_, App, I, O>(here, call, app));
            Box::pin(value(at, begun))
        })
    }
}

async fn graph<'s, X, App, I, O>(at: At<'s, X>, call: GraphCall<App, I>, app: &'s App) -> Result<O, Failure>
where
    X: Executor + 's,
    App: Sync + 'static,
    I: GraphInputs,
    O: Send + Sync + 'static,
{
    // In a box for the same reason.
    let begun: Beginning<'_, X, GraphWorkflow<App, I, O>> =
        Box::pin(X::step::<GraphWorkflow<App, I, O>>(at, call, app));
    X::settle_any::<GraphWorkflow<App, I, O>>(begun.await, at)
}

/// One of two calls, as a value says.
pub(super) struct Either<App> {
    pub(super) then: Box<dyn Call<App>>,
    pub(super) otherwise: Box<dyn Call<App>>,
}

impl<App> Call<App> for Either<App> {
    fn begin<'s>(&'s self, at: Known<'s>, mut values: Values, app: &'s App) -> Begun<'s> {
        let condition = values.next().and_then(|value| value.downcast::<bool>().ok());
        match condition.as_deref() {
            Some(true) => self.then.begin(at, values, app),
            Some(false) => self.otherwise.begin(at, values, app),
            None => Box::pin(async move { Err(known!(at, lost(at))) }),
        }
    }
}

/// A call of the step `S` for each of several values.
pub(super) struct Each<S: Wires> {
    region: u32,
    vertex: u32,
    max: usize,
    read: fn(&mut Values) -> Option<Vec<S::Wired>>,
}

impl<S: Wires> Each<S> {
    /// The items are looked at for their type alone.
    pub(super) fn new<'g, A: Items<'g, S::Wired>>((region, vertex): (u32, u32), max: usize, _: &A) -> Self {
        Self { region, vertex, max, read: A::read }
    }
}

impl<App, S> Call<App> for Each<S>
where
    App: Sync,
    S: Wires<Wired: Send, Held: Send> + ResourcesFrom<App>,
    S::Output: Sync,
    for<'x> <S as Step>::Resources<'x>: Send,
{
    fn begin<'s>(&'s self, at: Known<'s>, mut values: Values, app: &'s App) -> Begun<'s> {
        let items = (self.read)(&mut values);
        known!(at, {
            let here = at.vertex(self.region);
            let begun = items.map(|items| each::<S, _, _>(here, self.vertex, self.max, items, app));
            Box::pin(value(at, begun))
        })
    }
}

async fn each<'s, S, X, App>(
    at: At<'s, X>,
    vertex: u32,
    max: usize,
    items: Vec<S::Wired>,
    app: &'s App,
) -> Result<Vec<S::Output>, Failure>
where
    App: Sync,
    X: Executor + 's,
    S: Wires<Wired: Send, Held: Send> + ResourcesFrom<App>,
    for<'x> <S as Step>::Resources<'x>: Send,
{
    let lanes = map(at, max, items, |index, item| async move {
        let frame = Frame::item(at, index);
        step::<S, X, App>(At::new(at.exec(), &frame).vertex(vertex), item, app).await
    });
    mapped(at, lanes.await)
}

/// A value is not where the types say that it is.
#[cold]
pub(super) fn lost<X: Copy>(at: At<'_, X>) -> Failure {
    at.fail(
        FailureKind::Internal,
        "a value of the graph was not there when a step needed it; this is a defect of flowc",
    )
}

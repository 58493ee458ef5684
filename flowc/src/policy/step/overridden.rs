//! A step whose caller has its own say about its policies.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use super::{Policy, drive};
use crate::error::Failure;
use crate::graph::NodeSpec;
use crate::run::{At, Executor};
use crate::step::{ResourcesFrom, Step};

/// Step `S` under a policy given where it is called.
pub struct Overridden<S>(PhantomData<fn() -> S>);

/// The inputs of an [`Overridden`] step.
pub struct Override<'a, S: Step> {
    input: S::Input<'a>,
    policy: &'static Policy<S>,
}

#[cfg(feature = "remote")]
impl<'a, S: Step> Override<'a, S> {
    /// What the node takes.
    pub(crate) fn input(&self) -> &S::Input<'a> {
        &self.input
    }
}

impl<'a, S: Step<Input<'a>: fmt::Debug>> fmt::Debug for Override<'a, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.input.fmt(f)
    }
}

#[cfg(feature = "cassettes")]
impl<'a, S: Step<Input<'a>: serde::Serialize>> serde::Serialize for Override<'a, S> {
    fn serialize<Z: serde::Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        self.input.serialize(serializer)
    }
}

/// Joins the inputs of a step and its policy: what was given at the step, [over](Policy::over) what the node has.
#[inline]
pub fn overridden<'a, S: Step>(input: S::Input<'a>, policy: &'static Policy<S>) -> Override<'a, S> {
    Override { input, policy }
}

// `Step` itself does not ask for `Send` here: a node whose input is not `Send` has a future that is not, and that says it all.
impl<S: Step> Step for Overridden<S>
where
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    const SPEC: &'static NodeSpec = S::SPEC;
    type Input<'a> = Override<'a, S>;
    type Resources<'r> = S::Resources<'r>;
    type Output = S::Output;
    type Error = S::Error;
    type Ended = Result<S::Output, Failure<S::Error>>;
    const DRIVEN: bool = true;

    fn begin<'a, 'r, 's, X: Executor>(
        input: Self::Input<'a>,
        resources: Self::Resources<'r>,
        at: At<'s, X>,
    ) -> impl Future<Output = Self::Ended> + Send {
        let Override { input, policy } = input;
        drive::<S, X, _, _>(
            policy,
            at,
            input,
            move |input, at: At<'s, X>| S::begin(input, resources, at.bare()),
            S::settle::<X>,
        )
    }

    fn describe(error: &Self::Error) -> String {
        S::describe(error)
    }

    #[inline]
    fn settle<X: Executor>(ended: Self::Ended, _: At<'_, X>) -> Result<Self::Output, Failure<Self::Error>> {
        ended
    }
}

impl<R: ?Sized, S: ResourcesFrom<R>> ResourcesFrom<R> for Overridden<S>
where
    for<'x> S::Input<'x>: Send,
    for<'x> S::Resources<'x>: Send,
{
    #[inline]
    fn resources(app: &R) -> Self::Resources<'_> {
        S::resources(app)
    }
}

#[cfg(feature = "testing")]
mod stubs {
    use super::{Future, Overridden};
    use crate::testing::{StubbedAsyncBy, StubbedBy};

    impl<S: StubbedBy<F>, F> StubbedBy<F> for Overridden<S>
    where
        for<'x> S::Input<'x>: Send,
        for<'x> S::Resources<'x>: Send,
    {
        fn stubbed(stub: &F, input: Self::Input<'_>) -> Result<Self::Output, Self::Error> {
            S::stubbed(stub, input.input)
        }
    }

    impl<S: StubbedAsyncBy<F, Fut>, F, Fut> StubbedAsyncBy<F, Fut> for Overridden<S>
    where
        for<'x> S::Input<'x>: Send,
        for<'x> S::Resources<'x>: Send,
    {
        fn stubbed(
            stub: &F,
            input: Self::Input<'_>,
        ) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send + 'static {
            S::stubbed(stub, input.input)
        }
    }
}

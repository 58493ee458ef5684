//! One node, called with data.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::host::{Call, Hosted, Outcome};
use super::steps::{Arrives, Wires};
use crate::context::{Context, Placed};
use crate::error::{Failure, FailureKind};
use crate::graph::GraphSpec;
use crate::id::Identity;
use crate::journal::{Storable, StoredFailure};
use crate::policy::step::{Overridden, Policy, overridden};
use crate::run::{At, Executor, Frame};
use crate::schema::Inputs;
use crate::step::{ResourcesFrom, Step};

/// How a node is called.
pub(super) type Caller<R> = Box<dyn Fn(Arc<R>, Site, Call) -> Hosted<Outcome> + Send + Sync>;

/// What a node is called at.
pub(super) struct Site {
    pub(super) wires: Arc<Wires>,
    /// A step that calls it, and the workflow of that step.
    pub(super) graph: &'static GraphSpec,
    pub(super) vertex: u32,
    pub(super) run: Arc<Identity>,
}

tokio::task_local! {
    /// The path and the key of the step that is called.
    static STEP: (Arc<str>, u128);
}

/// Calls a node as it is: what is around the call is elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called;

impl Executor for Called {
    type Ended<S: Step> = S::Ended;

    fn step<S: Step>(
        at: At<'_, Self>,
        input: S::Input<'_>,
        resources: S::Resources<'_>,
    ) -> impl Future<Output = S::Ended> + Send {
        S::begin::<Self>(input, resources, at)
    }

    fn settle<S: Step>(ended: S::Ended, at: At<'_, Self>) -> Result<S::Output, Failure<S::Error>> {
        S::settle(ended, at)
    }

    fn context(at: At<'_, Self>) -> Context {
        let placed = at.placed();
        let placed = match STEP.try_with(Clone::clone) {
            Ok((step, key)) => Placed { step, key, ..placed },
            Err(_) => placed,
        };
        Context::new(placed, None)
    }
}

type Begun<'a, S> = Pin<Box<dyn Future<Output = <S as Step>::Ended> + Send + 'a>>;

/// Calls node `S`, under the policies of the call if it has some.
pub(super) fn called<R, J, S>(
    app: Arc<R>,
    site: Site,
    call: Call,
    policy: Option<&'static Policy<S>>,
) -> Hosted<Outcome>
where
    for<'x> S::Input<'x>: Send,
    R: Send + Sync + 'static,
    S: ResourcesFrom<R> + Inputs<Owned: Arrives<S, J> + Send + 'static, Held: Send>,
    S::Output: Storable<S, J>,
    for<'x> S::Resources<'x>: Send,
{
    Box::pin(async move {
        let frame = Frame::known(site.graph, &site.run);
        let at = At::new(Called, &frame).vertex(site.vertex);
        let owned = match <S::Owned as Arrives<S, J>>::read(&call.inputs) {
            Ok(owned) => owned,
            Err(why) => {
                return failed::<S>(&site, &at.fail(FailureKind::Journal, format!("its inputs cannot be read: {why}")));
            }
        };
        let key = u128::from_str_radix(&call.key, 16).unwrap_or_default();
        let mut held = None;
        // In a box, as what is awaited must not name the lifetime of `held`: <https://github.com/rust-lang/rust/issues/100013>.
        let (input, resources) = (S::lend(owned, &mut held), S::resources(&app));
        let step = (call.step.into(), key);
        let settled = match policy {
            None => {
                let begun: Begun<'_, S> = Box::pin(S::begin::<Called>(input, resources, at));
                S::settle::<Called>(STEP.scope(step, begun).await, at)
            }
            Some(policy) => {
                let input = overridden::<S>(input, policy);
                let begun: Begun<'_, Overridden<S>> = Box::pin(Overridden::<S>::begin::<Called>(input, resources, at));
                STEP.scope(step, begun).await
            }
        };
        match settled {
            Ok(output) => match <S::Output as Storable<S, J>>::write(&output) {
                Ok(value) => Outcome { failed: false, value },
                Err(why) => {
                    failed::<S>(&site, &at.fail(FailureKind::Journal, format!("what it gave cannot be written: {why}")))
                }
            },
            Err(failure) => failed::<S>(&site, &failure),
        }
    })
}

/// The outcome of a call that gave nothing.
fn failed<S: Step>(site: &Site, failure: &Failure<S::Error>) -> Outcome {
    let stored = StoredFailure::of(failure, failure.what(S::describe), site.wires.codecs.of::<S::Error>());
    let value = serde_json::to_string(&stored).unwrap_or_default();
    Outcome { failed: true, value }
}

//! Keeping the outputs of a step: the parts of a cache that depend on the types of the step.

use std::any::Any;
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::super::{Cache, CachePolicy};
use super::{Named, OfInput};
use crate::error::Failure;
use crate::event::EventKind;
use crate::run::{At, Executor};
use crate::step::Step;
use crate::sync::{Mutex, lock};

/// `cache(..)` of a step.
pub(super) struct Caching<S: Step> {
    pub(super) cache: Named<CachePolicy>,
    pub(super) key: OfInput<S, Key>,
    pub(super) copy: fn(&S::Output) -> S::Output,
}

impl<S: Step> Clone for Caching<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S: Step> Copy for Caching<S> {}

/// What an output is kept under, its type no longer known.
#[derive(Clone)]
pub struct Key(Arc<dyn Keyed>);

trait Keyed: Any + Send + Sync {
    fn hash(&self, state: &mut dyn Hasher);
    fn equals(&self, other: &dyn Any) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<K: Hash + Eq + Send + Sync + 'static> Keyed for K {
    fn hash(&self, mut state: &mut dyn Hasher) {
        Hash::hash(self, &mut state);
    }

    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<K>().is_some_and(|other| self == other)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (*self.0).hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals((*other.0).as_any())
    }
}
impl Eq for Key {}

/// What an output can be kept under.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a cache",
    label = "not a key",
    note = "a key owns its data, is `Send + Sync` and has `#[derive(PartialEq, Eq, Hash)]`: a `String`, a number, a tuple or a struct of such"
)]
pub trait CacheKey: Hash + Eq + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<K: Hash + Eq + Send + Sync + 'static> CacheKey for K {}

/// The key of a call. What a key must be is asked for here, at the function that gives it.
pub fn cache_key<K: CacheKey>(key: K) -> Key {
    Key(Arc::new(key))
}

/// An output, to be given again. `Clone` is asked for here, at the option that needs it.
pub fn cached<T: Clone>(output: &T) -> T {
    output.clone()
}

/// An output that is kept. An output need not be `Sync`, but a cache is; hence the lock.
struct Kept<S: Step> {
    output: Mutex<S::Output>,
    copy: fn(&S::Output) -> S::Output,
}

impl<S: Step> Kept<S> {
    fn into_output(self) -> S::Output {
        self.output.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl<S: Step> Clone for Kept<S> {
    fn clone(&self) -> Self {
        let output = (self.copy)(&lock(&self.output));
        Self { output: Mutex::new(output), copy: self.copy }
    }
}

impl<S: Step> Caching<S> {
    /// The output that is kept for `key`, or the one that `work` gives.
    pub(super) async fn or<X: Executor>(
        self,
        key: Key,
        at: At<'_, X>,
        work: impl Future<Output = Result<S::Output, Failure<S::Error>>> + Send,
    ) -> Result<S::Output, Failure<S::Error>> {
        let Self { cache, copy, .. } = self;
        let (name, version) = (cache.name(S::SPEC.name), S::SPEC.version);
        // Another version of a node may give something else for the same inputs.
        let full = format!("{name}@{version}");
        let found: Cache<Key, Kept<S>> = X::shares(at, |shares| shares.cache(&full, &cache.policy));
        let mut computed = false;
        let kept = found
            .get_or_compute(key, || {
                computed = true;
                X::tell(at, || EventKind::CacheMissed { step: (), name: name.into() });
                async { work.await.map(|output| Kept { output: Mutex::new(output), copy }) }
            })
            .await?;
        if !computed {
            X::tell(at, || EventKind::CacheHit { step: (), name: name.into() });
        }
        Ok(kept.into_output())
    }
}

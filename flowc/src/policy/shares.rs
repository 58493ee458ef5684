//! What is shared by name: breakers, limiters, bulkheads and caches of an engine.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, LazyLock};

use super::breaker::{BreakerTransition, Listeners, always};
use super::{Breaker, BreakerPolicy, Bulkhead, Cache, CachePolicy, ConcurrencyPolicy, RateLimiter, RatePolicy};
use crate::sync::{Mutex, lock};

/// Breakers, limiters, bulkheads and caches by name. Clones are the same registry.
///
/// Whoever asks for a name first says how it is configured. Who asks with another configuration later gets what is there, and
/// [`conflicts`](Self::conflicts) tells of it.
///
/// ```
/// use flowc::policy::{BreakerPolicy, Shares};
///
/// let shares = Shares::new();
/// let breaker = shares.breaker("search", &BreakerPolicy::new().failures(5));
/// breaker.force_open();
///
/// let same = shares.find_breaker("search").unwrap();
/// assert_eq!(same.state(), breaker.state());
///
/// shares.breaker("search", &BreakerPolicy::new().failures(6));
/// assert_eq!(shares.conflicts().len(), 1);
/// println!("{}", shares.conflicts()[0]);
/// ```
#[derive(Clone, Default)]
pub struct Shares(Arc<Inner>);

#[derive(Default)]
struct Inner {
    breakers: Named<BreakerPolicy, Breaker>,
    limiters: Named<RatePolicy, RateLimiter>,
    bulkheads: Named<ConcurrencyPolicy, Bulkhead>,
    caches: Mutex<BTreeMap<TypeId, Box<dyn Any + Send + Sync>>>,
    listeners: Listeners,
    conflicts: Mutex<BTreeMap<(&'static str, Arc<str>), Conflict>>,
}

/// A name that was asked for with two configurations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Conflict {
    /// What it is: `breaker`, `rate`, `concurrency` or `cache`.
    pub kind: &'static str,
    /// Its name.
    pub name: Arc<str>,
    /// The configuration that holds.
    pub first: String,
    /// The other one, the first time that there was one.
    pub second: String,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, first, second } = self;
        write!(
            f,
            "`{kind}` of the name `{name}` has two configurations: give one of them another name, or make them equal; {first} holds, {second} does not"
        )
    }
}

/// Things of one kind by name, each with its configuration.
struct Named<P, T>(Mutex<BTreeMap<Arc<str>, (P, T)>>);

impl<P, T> Default for Named<P, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<P: Copy + PartialEq, T: Clone> Named<P, T> {
    /// What has this name, and its configuration if that is another.
    fn get(&self, name: &str, policy: &P, make: impl FnOnce(Arc<str>) -> T) -> (T, Option<P>) {
        let mut named = lock(&self.0);
        if let Some((first, thing)) = named.get(name) {
            return (thing.clone(), (first != policy).then_some(*first));
        }
        let name: Arc<str> = name.into();
        let thing = make(name.clone());
        named.insert(name, (*policy, thing.clone()));
        (thing, None)
    }

    fn find(&self, name: &str) -> Option<T> {
        lock(&self.0).get(name).map(|(_, thing)| thing.clone())
    }

    fn all(&self) -> Vec<T> {
        lock(&self.0).values().map(|(_, thing)| thing.clone()).collect()
    }
}

impl Shares {
    /// A registry with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// The registry of what runs without an engine.
    pub fn global() -> &'static Self {
        static GLOBAL: LazyLock<Shares> = LazyLock::new(Shares::new);
        &GLOBAL
    }

    /// The breaker of this name, made if there is none.
    pub fn breaker(&self, name: &str, policy: &BreakerPolicy) -> Breaker {
        let make = |name| Breaker::shared(name, policy, self.0.listeners.clone());
        let found = self.0.breakers.get(name, policy, make);
        self.note("breaker", name, policy, found)
    }

    /// The limiter of this name, made if there is none.
    pub fn limiter(&self, name: &str, policy: &RatePolicy) -> RateLimiter {
        let found = self.0.limiters.get(name, policy, |name| RateLimiter::new(name, policy));
        self.note("rate", name, policy, found)
    }

    /// The bulkhead of this name, made if there is none.
    pub fn bulkhead(&self, name: &str, policy: &ConcurrencyPolicy) -> Bulkhead {
        let found = self.0.bulkheads.get(name, policy, |name| Bulkhead::new(name, policy));
        self.note("concurrency", name, policy, found)
    }

    /// The cache of this name for these types, made if there is none. Caches of other types may have the same name.
    pub fn cache<K, V>(&self, name: &str, policy: &CachePolicy) -> Cache<K, V>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        V: Clone + Send + Sync + 'static,
    {
        let named = {
            let mut caches = lock(&self.0.caches);
            let empty = || -> Box<dyn Any + Send + Sync> { Box::new(Arc::<Caches<K, V>>::default()) };
            let named = caches.entry(TypeId::of::<Cache<K, V>>()).or_insert_with(empty);
            // It is of this type, as nothing else is put there.
            named.downcast_ref::<Arc<Caches<K, V>>>().cloned().unwrap_or_default()
        };
        let found = named.get(name, policy, |_| Cache::new(policy));
        self.note("cache", name, policy, found)
    }

    /// All breakers, by name.
    pub fn breakers(&self) -> Vec<Breaker> {
        self.0.breakers.all()
    }

    /// All limiters, by name.
    pub fn limiters(&self) -> Vec<RateLimiter> {
        self.0.limiters.all()
    }

    /// All bulkheads, by name.
    pub fn bulkheads(&self) -> Vec<Bulkhead> {
        self.0.bulkheads.all()
    }

    /// The breaker of this name, if there is one.
    pub fn find_breaker(&self, name: &str) -> Option<Breaker> {
        self.0.breakers.find(name)
    }

    /// Has every change of state of every breaker here told to `listener`, those to come included.
    pub fn on_transition(&self, listener: impl Fn(&BreakerTransition) + Send + Sync + 'static) {
        self.0.listeners.add(always(listener));
    }

    /// The same, as long as `listener` gives true.
    pub(crate) fn on_transition_while(&self, listener: impl Fn(&BreakerTransition) -> bool + Send + Sync + 'static) {
        self.0.listeners.add(listener);
    }

    /// The names that were asked for with two configurations.
    pub fn conflicts(&self) -> Vec<Conflict> {
        lock(&self.0.conflicts).values().cloned().collect()
    }

    /// Remembers a second configuration, once for each name.
    fn note<P: fmt::Debug, T>(&self, kind: &'static str, name: &str, second: &P, found: (T, Option<P>)) -> T {
        let (thing, first) = found;
        if let Some(first) = first {
            let name: Arc<str> = name.into();
            lock(&self.0.conflicts).entry((kind, name.clone())).or_insert_with(|| Conflict {
                kind,
                name,
                first: format!("{first:?}"),
                second: format!("{second:?}"),
            });
        }
        thing
    }
}

type Caches<K, V> = Named<CachePolicy, Cache<K, V>>;

impl fmt::Debug for Shares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shares")
            .field("breakers", &self.breakers())
            .field("limiters", &self.limiters())
            .field("bulkheads", &self.bulkheads())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::policy::BreakerState;

    #[test]
    fn one_name_is_one_thing() {
        let shares = Shares::new();
        let policy = BreakerPolicy::new();
        shares.clone().breaker("a", &policy).force_open();
        assert_eq!(shares.breaker("a", &policy).state(), BreakerState::ForcedOpen);
        assert_eq!(shares.breaker("b", &policy).state(), BreakerState::Closed);
        assert!(shares.find_breaker("c").is_none());
        assert!(shares.conflicts().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn everything_is_listed_by_name() {
        let shares = Shares::new();
        for name in ["b", "a"] {
            shares.breaker(name, &BreakerPolicy::new());
            shares.limiter(name, &RatePolicy::new());
            shares.bulkhead(name, &ConcurrencyPolicy::max(1));
        }
        let _place = shares.bulkhead("a", &ConcurrencyPolicy::max(1)).acquire().await.unwrap();
        shares.limiter("a", &RatePolicy::new()).acquire("key").await.unwrap();
        let names = |all: Vec<Arc<str>>| all.join(" ");
        assert_eq!(names(shares.breakers().iter().map(|b| b.name().clone()).collect()), "a b");
        assert_eq!(shares.limiters().iter().map(RateLimiter::keys).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(shares.bulkheads().iter().map(Bulkhead::in_use).collect::<Vec<_>>(), [1, 0]);
    }

    #[test]
    fn caches_are_apart_by_name_and_type() {
        let shares = Shares::new();
        let policy = CachePolicy::new();
        shares.cache::<u8, u8>("a", &policy).insert(1, 1);
        assert_eq!(shares.cache::<u8, u8>("a", &policy).get(&1), Some(1));
        assert_eq!(shares.cache::<u8, u8>("b", &policy).get(&1), None);
        assert_eq!(shares.cache::<u8, u16>("a", &policy).get(&1), None);
    }

    #[test]
    fn the_first_configuration_wins_and_another_is_reported_once() {
        let shares = Shares::new();
        let (first, second) = (BreakerPolicy::new().failures(1), BreakerPolicy::new().failures(2));
        shares.breaker("a", &first);
        for _ in 0..3 {
            let breaker = shares.breaker("a", &second);
            breaker.reset();
            breaker.acquire().unwrap().failure();
            assert_eq!(breaker.state(), BreakerState::Open, "one failure is enough");
        }
        shares.limiter("a", &RatePolicy::new());
        shares.limiter("a", &RatePolicy::new().calls(1, Duration::from_secs(1)));
        shares.bulkhead("a", &ConcurrencyPolicy::max(1));
        shares.bulkhead("a", &ConcurrencyPolicy::max(2));
        shares.cache::<u8, u8>("a", &CachePolicy::new());
        shares.cache::<u8, u8>("a", &CachePolicy::new().max(1));
        let kinds: Vec<_> = shares.conflicts().iter().map(|conflict| conflict.kind).collect();
        assert_eq!(kinds, ["breaker", "cache", "concurrency", "rate"]);
        let text = shares.conflicts()[2].to_string();
        assert!(text.starts_with("`concurrency` of the name `a` has two") && text.contains("max: 2"), "{text}");
    }

    #[test]
    fn one_listener_hears_of_all_breakers() {
        let shares = Shares::new();
        let before = shares.breaker("before", &BreakerPolicy::new());
        let (tell, told) = channel();
        shares.on_transition(move |transition| tell.send(transition.name.to_string()).unwrap());
        before.force_open();
        shares.breaker("after", &BreakerPolicy::new()).force_open();
        assert_eq!(told.try_iter().collect::<Vec<_>>(), ["before", "after"]);
    }

    #[test]
    fn there_is_one_for_all_who_have_no_engine() {
        let breaker = Shares::global().breaker("shares::tests::global", &BreakerPolicy::new());
        assert!(Shares::global().find_breaker(breaker.name()).is_some());
    }
}

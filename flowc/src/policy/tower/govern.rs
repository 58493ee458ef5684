//! How each policy makes the call of a service.

use std::future::{Future, poll_fn};
use std::hash::Hash;

use tower_service::Service;

use super::{Judged, Keyed};
use crate::policy::{Breaker, Bulkhead, Cache, PolicyError, RateLimiter, Retry, Timeout};

/// What a policy makes of a call to service `S`.
pub trait Govern<S: Service<R>, R> {
    /// What it may end with.
    type Error;

    /// An error of the service, before any call.
    fn error(error: S::Error) -> Self::Error;

    /// Makes the call with a service that is ready.
    fn govern(self, service: S, request: R) -> impl Future<Output = Result<S::Response, Self::Error>> + Send;
}

impl<S, R> Govern<S, R> for Retry<S::Error>
where
    S: Service<R, Future: Send, Response: Send, Error: Send> + Clone + Send + Sync,
    R: Clone + Send + Sync,
{
    type Error = S::Error;

    fn error(error: S::Error) -> S::Error {
        error
    }

    async fn govern(self, service: S, request: R) -> Result<S::Response, S::Error> {
        let again = service.clone();
        let mut ready = Some(service);
        let attempt = |_| {
            let mut service = ready.take().unwrap_or_else(|| again.clone());
            let request = request.clone();
            async move {
                poll_fn(|cx| service.poll_ready(cx)).await?;
                service.call(request).await
            }
        };
        self.call(attempt).await
    }
}

/// How a policy makes a call that may refuse it.
macro_rules! refusing {
    ($policy:ty, [$($key:ident: $bound:path)?], |$own:ident, $service:ident, $request:ident| $call:expr) => {
        impl<S, R $(, $key)?> Govern<S, R> for $policy
        where
            S: Service<R, Future: Send, Response: Send, Error: Send> + Send,
            R: Send,
            $($key: $bound + Send,)?
        {
            type Error = PolicyError<S::Error>;

            fn error(error: S::Error) -> Self::Error {
                PolicyError::Inner(error)
            }

            async fn govern(self, mut $service: S, $request: R) -> Result<S::Response, Self::Error> {
                let $own = self;
                $call
            }
        }
    };
}

refusing!(Timeout, [], |timeout, service, request| {
    timeout.within(None, service.call(request)).await?.map_err(PolicyError::Inner)
});
refusing!(Breaker, [], |breaker, service, request| breaker.call(|_| true, || service.call(request)).await);
refusing!(Judged<S::Error>, [], |judged, service, request| {
    judged.breaker.call(judged.is_failure, || service.call(request)).await
});
refusing!(RateLimiter, [], |limiter, service, request| limiter.call("", || service.call(request)).await);
refusing!(Keyed<RateLimiter, F>, [F: Fn(&R) -> String], |keyed, service, request| {
    let key = (keyed.key)(&request);
    keyed.policy.call(&key, || service.call(request)).await
});
refusing!(Bulkhead, [], |bulkhead, service, request| bulkhead.call(|| service.call(request)).await);

impl<S, R, F, K> Govern<S, R> for Keyed<Cache<K, S::Response>, F>
where
    S: Service<R, Future: Send, Response: Clone + Send + Sync, Error: Send> + Send,
    R: Send,
    F: Fn(&R) -> K + Send,
    K: Hash + Eq + Clone + Send + Sync,
{
    type Error = S::Error;

    fn error(error: S::Error) -> S::Error {
        error
    }

    async fn govern(self, mut service: S, request: R) -> Result<S::Response, S::Error> {
        let key = (self.key)(&request);
        self.policy.get_or_compute(key, || service.call(request)).await
    }
}

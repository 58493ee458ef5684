//! The policies as layers for [tower](https://docs.rs/tower)'s services, with the feature `tower`.
//!
//! [`Retry`], [`Timeout`], [`Breaker`], [`RateLimiter`] and [`Bulkhead`] are layers themselves. [`Keyed`] is a limiter with a key of each
//! request, or a cache. [`Judged`] is a breaker that is told which errors are failures.
//!
//! A request gives no sign of life, so the `idle` of a [`Timeout`] is one more limit of the whole call here.
//!
//! ```
//! use flowc::policy::{Breaker, BreakerPolicy, PolicyError, Retry, Timeout};
//! use std::time::Duration;
//! use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let breaker = Breaker::new("search", &BreakerPolicy::new());
//! let mut service = ServiceBuilder::new()
//!     .layer(Retry::attempts(3))
//!     .layer(breaker.clone())
//!     .layer(Timeout::attempt(Duration::from_secs(5)))
//!     .service(service_fn(async |query: String| if query.is_empty() { Err("no query") } else { Ok(query.len()) }));
//!
//! let found = service.ready().await.unwrap().call("cats".to_owned()).await;
//! assert_eq!(found, Ok(4));
//!
//! let failed = service.ready().await.unwrap().call(String::new()).await;
//! assert_eq!(failed.unwrap_err().to_string(), "no query");
//! assert_eq!(breaker.snapshot().failures, 3);
//! # }
//! ```

mod govern;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use super::{Breaker, Bulkhead, Cache, RateLimiter, Retry, Timeout};
use govern::Govern;

/// A service under a policy. The layers make it.
#[derive(Debug, Clone)]
pub struct Governed<S, P> {
    service: S,
    policy: P,
}

impl<S, P, R> Service<R> for Governed<S, P>
where
    S: Service<R> + Clone,
    P: Govern<S, R> + Clone + Send + 'static,
    S: Send + 'static,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = P::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, P::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), P::Error>> {
        self.service.poll_ready(cx).map_err(P::error)
    }

    fn call(&mut self, request: R) -> Self::Future {
        // The call takes the service that is ready; a clone may have to become so.
        let clone = self.service.clone();
        let ready = std::mem::replace(&mut self.service, clone);
        let policy = self.policy.clone();
        Box::pin(async move { policy.govern(ready, request).await })
    }
}

/// A limiter with a key of each request, or a cache: see [`RateLimiter::keyed`] and [`Cache::keyed`].
#[derive(Debug, Clone)]
pub struct Keyed<P, F> {
    policy: P,
    key: F,
}

/// A breaker that is told which errors are failures: see [`Breaker::judged`].
pub struct Judged<E> {
    breaker: Breaker,
    is_failure: fn(&E) -> bool,
}

// Derived impls would ask for `E: Clone`, though only a function pointer names `E`.
impl<E> Clone for Judged<E> {
    fn clone(&self) -> Self {
        Self { breaker: self.breaker.clone(), is_failure: self.is_failure }
    }
}

impl<E> fmt::Debug for Judged<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judged").field("breaker", &self.breaker).finish_non_exhaustive()
    }
}

impl Breaker {
    /// A layer that counts as a failure only an error of which this holds. As a layer itself, a breaker counts them all.
    pub fn judged<E>(&self, is_failure: fn(&E) -> bool) -> Judged<E> {
        Judged { breaker: self.clone(), is_failure }
    }
}

impl RateLimiter {
    /// A layer with a quota for each key, which `key` takes from the request. As a layer itself, a limiter has one key for all.
    pub fn keyed<R, F: Fn(&R) -> String>(&self, key: F) -> Keyed<Self, F> {
        Keyed { policy: self.clone(), key }
    }
}

impl<K, V> Cache<K, V> {
    /// A layer that keeps the response for a key, which `key` takes from the request.
    pub fn keyed<R, F: Fn(&R) -> K>(&self, key: F) -> Keyed<Self, F> {
        Keyed { policy: self.clone(), key }
    }
}

macro_rules! layer {
    ([$($generic:ident $(: $bound:path)?),*] $policy:ty) => {
        impl<S, $($generic $(: $bound)?),*> Layer<S> for $policy {
            type Service = Governed<S, Self>;
            fn layer(&self, service: S) -> Self::Service {
                Governed { service, policy: Self::clone(self) }
            }
        }
    };
}

layer!([E] Retry<E>);
layer!([] Timeout);
layer!([] Breaker);
layer!([E] Judged<E>);
layer!([] RateLimiter);
layer!([] Bulkhead);
layer!([P: Clone, F: Clone] Keyed<P, F>);

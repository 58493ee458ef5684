//! Strands side by side in one task. The first failure drops the others.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{At, Executor};
use crate::error::Failure;
use crate::step::Step;

pin_project! {
    /// A step as a strand of its own: its future, settled where it ends.
    pub struct Settling<'s, S, X, F> {
        at: At<'s, X>,
        #[pin]
        future: F,
        step: PhantomData<fn() -> S>,
    }
}

/// Settles the future of step `S`.
#[inline]
pub fn settling<S: Step, X: Executor, F>(at: At<'_, X>, future: F) -> Settling<'_, S, X, F>
where
    F: Future<Output = X::Ended<S>>,
{
    Settling { at, future, step: PhantomData }
}

impl<S: Step, X: Executor, F: Future<Output = X::Ended<S>>> Future for Settling<'_, S, X, F> {
    type Output = Result<S::Output, Failure>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        match this.future.poll(cx) {
            Poll::Ready(ended) => Poll::Ready(X::settle_any::<S>(ended, *this.at)),
            Poll::Pending => Poll::Pending,
        }
    }
}

pin_project! {
    #[project = StrandState]
    enum Strand<F, T> {
        Running { #[pin] future: F },
        Done { value: Option<T> },
    }
}

impl<T, F: Future<Output = Result<T, Failure>>> Strand<F, T> {
    /// Whether it is done, or how it failed.
    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Result<bool, Failure> {
        let value = match self.as_mut().project() {
            StrandState::Running { future } => match future.poll(cx) {
                Poll::Ready(ended) => Some(ended?),
                Poll::Pending => return Ok(false),
            },
            StrandState::Done { .. } => return Ok(true),
        };
        self.set(Strand::Done { value });
        Ok(true)
    }

    #[inline]
    fn take(self: Pin<&mut Self>) -> Option<T> {
        match self.project() {
            StrandState::Done { value } => value.take(),
            StrandState::Running { .. } => None,
        }
    }
}

macro_rules! join {
    ($join:ident $Join:ident: $($strand:ident $F:ident $T:ident),+) => {
        pin_project! {
            /// Strands side by side; see the function of the same name.
            pub struct $Join<$($F, $T),+> {
                $(#[pin] $strand: Strand<$F, $T>,)+
            }
        }

        /// Runs strands side by side until all are done or one fails.
        #[inline]
        #[allow(clippy::too_many_arguments, reason = "only generated code calls it")]
        pub fn $join<$($F, $T),+>($($strand: $F),+) -> $Join<$($F, $T),+>
        where
            $($F: Future<Output = Result<$T, Failure>>,)+
        {
            $Join { $($strand: Strand::Running { future: $strand },)+ }
        }

        impl<$($F, $T),+> Future for $Join<$($F, $T),+>
        where
            $($F: Future<Output = Result<$T, Failure>>,)+
        {
            type Output = Result<($($T,)+), Failure>;

            #[inline]
            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                let mut this = self.project();
                let mut done = true;
                // The first failure counts, but strands that fail in the same poll get to say so: events tell of all of them.
                let mut failed = None;
                $(match this.$strand.as_mut().poll(cx) {
                    Ok(one) => done &= one,
                    Err(failure) => failed = failed.or(Some(failure)),
                })+
                if let Some(failure) = failed {
                    return Poll::Ready(Err(failure));
                }
                if !done {
                    return Poll::Pending;
                }
                match ($(this.$strand.as_mut().take(),)+) {
                    ($(Some($strand),)+) => Poll::Ready(Ok(($($strand,)+))),
                    _ => Poll::Pending,
                }
            }
        }
    };
}

join!(join2 Join2: a A TA, b B TB);
join!(join3 Join3: a A TA, b B TB, c C TC);
join!(join4 Join4: a A TA, b B TB, c C TC, d D TD);
join!(join5 Join5: a A TA, b B TB, c C TC, d D TD, e E TE);
join!(join6 Join6: a A TA, b B TB, c C TC, d D TD, e E TE, f F TF);
join!(join7 Join7: a A TA, b B TB, c C TC, d D TD, e E TE, f F TF, g G TG);
join!(join8 Join8: a A TA, b B TB, c C TC, d D TD, e E TE, f F TF, g G TG, h H TH);

pin_project! {
    /// A strand that decides when all is done, and one that only may fail before; see [`beside`].
    pub struct Beside<M, S, T> {
        #[pin]
        main: M,
        #[pin]
        side: Strand<S, T>,
    }
}

/// Runs `side` while `main` runs: `main` decides when both end, a failure of `side` before that is the failure of both.
#[inline]
pub fn beside<M, T, S, U>(main: M, side: S) -> Beside<M, S, U>
where
    M: Future<Output = Result<T, Failure>>,
    S: Future<Output = Result<U, Failure>>,
{
    Beside { main, side: Strand::Running { future: side } }
}

impl<M, T, S, U> Future for Beside<M, S, U>
where
    M: Future<Output = Result<T, Failure>>,
    S: Future<Output = Result<U, Failure>>,
{
    type Output = Result<T, Failure>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.main.poll(cx) {
            if output.is_err() {
                // A failure in the same poll loses, but events tell of it.
                let _ = this.side.poll(cx);
            }
            return Poll::Ready(output);
        }
        match this.side.poll(cx) {
            Ok(_) => Poll::Pending,
            Err(failure) => Poll::Ready(Err(failure)),
        }
    }
}

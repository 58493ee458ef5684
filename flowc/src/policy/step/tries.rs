//! How often a step is tried, as far as it says so itself.

use std::time::Duration;

use super::super::Retry;

/// The numbers of `retry(..)`. What is left open is taken from the engine, and then from [`Retry`] itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tries {
    pub(crate) attempts: Option<u32>,
    pub(crate) base: Option<Duration>,
    pub(crate) factor: Option<f64>,
    pub(crate) max: Option<Duration>,
    pub(crate) jitter: bool,
    pub(crate) budget: Option<Duration>,
}

/// How many times a call is made where nobody says how often.
const ATTEMPTS: u32 = 3;

impl Tries {
    /// Nothing is said.
    pub const NEW: Self = Self { attempts: None, base: None, factor: None, max: None, jitter: false, budget: None };

    /// All numbers of a policy.
    pub(crate) const fn of<E>(retry: &Retry<E>) -> Self {
        let Retry { attempts, base, factor, max, jitter, budget, .. } = retry;
        Self {
            attempts: Some(*attempts),
            base: Some(*base),
            factor: Some(*factor),
            max: Some(*max),
            jitter: *jitter,
            budget: *budget,
        }
    }

    /// So many attempts, the first call among them.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// The first wait.
    #[must_use]
    pub const fn base(mut self, base: Duration) -> Self {
        self.base = Some(base);
        self
    }

    /// By what each wait is longer than the one before.
    #[must_use]
    pub const fn factor(mut self, factor: f64) -> Self {
        self.factor = Some(factor);
        self
    }

    /// No wait is longer.
    #[must_use]
    pub const fn max(mut self, max: Duration) -> Self {
        self.max = Some(max);
        self
    }

    /// Each wait is somewhere between its half and its whole.
    #[must_use]
    pub const fn jitter(mut self) -> Self {
        self.jitter = true;
        self
    }

    /// No attempt starts later than this after the first one did.
    #[must_use]
    pub const fn budget(mut self, budget: Duration) -> Self {
        self.budget = Some(budget);
        self
    }

    /// What is said here, and for the rest what `base` says.
    pub(crate) fn over(self, base: &Self) -> Self {
        Self {
            attempts: self.attempts.or(base.attempts),
            base: self.base.or(base.base),
            factor: self.factor.or(base.factor),
            max: self.max.or(base.max),
            jitter: self.jitter || base.jitter,
            budget: self.budget.or(base.budget),
        }
    }

    /// The policy of these numbers.
    pub(crate) fn retry<E>(&self) -> Retry<E> {
        let mut retry = Retry::attempts(self.attempts.unwrap_or(ATTEMPTS));
        if let Some(base) = self.base {
            // A first wait beyond the usual longest one raises that.
            retry = retry.base(base).max(base.max(Duration::from_secs(30)));
        }
        if let Some(max) = self.max {
            retry = retry.max(max);
        }
        if let Some(factor) = self.factor {
            retry = retry.factor(factor);
        }
        if self.jitter {
            retry = retry.jitter();
        }
        match self.budget {
            Some(budget) => retry.budget(budget),
            None => retry,
        }
    }
}

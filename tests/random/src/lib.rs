//! Random workflows, each beside the same program in plain Rust with an `.await` behind every step.
//!
//! `generate/` writes them when this package is built. `FLOWC_RANDOM_SEED` (a number) and `FLOWC_RANDOM_COUNT` choose
//! others than the usual ones.
#![allow(clippy::ptr_arg, clippy::all, reason = "most of it is written by a generator")]

pub mod nodes;
pub mod record;
pub mod values;

/// One program in its two forms.
pub struct Case {
    /// Its name, which ends in its seed.
    pub name: &'static str,
    /// As a workflow.
    pub flow: for<'s> fn(&'s App) -> Outcome<'s>,
    /// As plain Rust.
    pub plain: for<'s> fn(&'s App) -> Outcome<'s>,
    /// Steps that follow others only because `#[after]` says so: the later one, the earlier one.
    pub after: &'static [(u32, u32)],
}

/// Takes the programs whose nodes can be called elsewhere.
#[cfg(feature = "remote")]
pub trait Visitor {
    /// One of them: its name, and a run of it.
    fn case<W>(self, name: &'static str, start: fn() -> flowc::Prepared<'static, W>) -> Self
    where
        W: flowc::Workflow<Output = values::V>
            + flowc::ResourcesFrom<App>
            + flowc::remote::Remote<App, flowc::journal::Json>,
        W::Input<'static>: flowc::journal::StorableInputs<W, flowc::journal::Json>;
}

/// What the steps have in common.
#[derive(flowc::Resources)]
pub struct App {
    /// What happens.
    pub record: record::Record,
}

/// The result of a program: what its value was computed from.
pub type Outcome<'s> = std::pin::Pin<Box<dyn Future<Output = Result<u64, String>> + Send + 's>>;

/// What was generated.
#[allow(unused, clippy::all, clippy::pedantic, missing_docs, unreachable_pub)]
pub mod generated {
    mod input {
        use crate::record::made;
        use crate::values::{C, K, P, V};
        pub fn p() -> V {
            V(made(21, &[]))
        }
        pub fn q() -> V {
            V(made(22, &[]))
        }
        pub fn n() -> C {
            C(made(23, &[]))
        }
        pub fn k() -> K {
            K(made(24, &[]))
        }
        pub fn t() -> P {
            P { a: V(made(25, &[])), b: V(made(26, &[])), n: C(made(27, &[])) }
        }
        pub fn l() -> Vec<V> {
            vec![V(made(28, &[])), V(made(29, &[])), V(made(30, &[]))]
        }
    }
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

//! Docs, visibility, modules, workflows in function bodies, and ten workflows in one another.
#![deny(warnings, missing_docs, unreachable_pub)]

mod flows {
    //! Workflows of their own.
    use flowc::{node, workflow};

    #[node]
    pub(super) async fn add(n: u32, m: u32) -> u32 {
        n + m
    }

    workflow! {
        /// Adds one.
        ///
        /// And tells of it in more than one line.
        pub(super) fn one(n: u32) -> u32 { add(n, 1) }

        /** Adds two. */
        #[must_use]
        pub(crate) fn two(n: u32) -> u32 {
            // A path through a module.
            let n = super::flows::one(n);
            self::one(n)
        }
    }

    pub(super) mod deep {
        flowc::workflow! {
            pub(in super::super) fn three(n: u32) -> u32 {
                let n = super::two(n);
                crate::flows::one(n)
            }
        }
    }
}

mod depth {
    use super::flows::one;
    flowc::workflow! {
        pub(super) fn a(n: u32) -> u32 { one(n) }
        pub(super) fn b(n: u32) -> u32 { a(n) }
        pub(super) fn c(n: u32) -> u32 { b(n) }
        pub(super) fn d(n: u32) -> u32 { c(n) }
        pub(super) fn e(n: u32) -> u32 { d(n) }
        pub(super) fn f(n: u32) -> u32 { e(n) }
        pub(super) fn g(n: u32) -> u32 { f(n) }
        pub(super) fn h(n: u32) -> u32 { g(n) }
        pub(super) fn i(n: u32) -> u32 { h(n) }
    }
}

fn main() {
    mod local {
        flowc::workflow! {
            pub(super) fn inside(n: u32) -> u32 { crate::flows::two(n) }
        }
    }
    flowc::workflow! {
        fn here(n: u32) -> u32 { flows::one(n) }
    }
    assert_eq!(here(1).run_blocking(&()).unwrap(), 2);
    assert_eq!(local::inside(1).run_blocking(&()).unwrap(), 3);
    assert_eq!(flows::deep::three(1).run_blocking(&()).unwrap(), 4);
    assert_eq!(depth::i(1).run_blocking(&()).unwrap(), 2);
    assert!(flows::one::GRAPH.docs.starts_with("Adds one."));
}

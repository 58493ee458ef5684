//! Attributes of a workflow reach all that is generated for it, and its body.
#![deny(warnings)]

use flowc::{node, workflow};

#[node]
async fn one() -> u32 {
    1
}
#[node(deprecated(since = "1.2.0", note = "use `one`"))]
async fn two() -> u32 {
    2
}

workflow! {
    #[cfg(all())]
    fn chosen() -> u32 {
        one()
    }

    #[cfg(any())]
    fn chosen(x: Missing) -> Missing {
        let y = missing(x)?;
        y
    }

    #[allow(unused_variables)]
    fn allowed(unused: u32) -> u32 {
        let first = one();
        2
    }

    #[allow(deprecated)]
    fn old() -> u32 {
        two()
    }

    #[expect(unused_variables, reason = "it is not written yet")]
    fn expected() -> u32 {
        let first = one();
        3
    }

    #[deny(unused_variables)]
    #[forbid(unused_must_use)]
    fn strict() -> u32 {
        let first = one();
        first
    }
}

workflow! {
    #[cfg(not(any()))]
    pub fn other() -> u32 {
        one()
    }
}
workflow! {
    #[cfg(any())]
    pub fn other() -> u32 {
        two()
    }
}

fn main() {
    assert_eq!(chosen().run_blocking(&()).unwrap(), 1);
    assert_eq!(allowed(1).run_blocking(&()).unwrap(), 2);
    assert_eq!(old().run_blocking(&()).unwrap(), 2);
    assert_eq!(expected().run_blocking(&()).unwrap(), 3);
    assert_eq!(strict().run_blocking(&()).unwrap(), 1);
    assert_eq!(other().run_blocking(&()).unwrap(), 1);
}

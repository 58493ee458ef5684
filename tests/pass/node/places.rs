//! Where a node may stand, and what may stand above it.
#![deny(warnings, missing_docs, unreachable_pub)]

use flowc::node;

/// Inside.
mod inside {
    use flowc::node;

    struct Private(u8);

    #[node]
    pub(super) fn make() -> u8 {
        take(Private(1))
    }

    #[node]
    fn take(private: Private) -> u8 {
        private.0
    }

    #[node]
    pub(in crate::inside) async fn scoped(_private: &Private) {}

    pub(super) fn all() {
        (super::is::<make>(), super::is::<take>(), super::is::<scoped>());
    }
}

/// A node with `#[cfg]`.
#[node]
#[cfg(all())]
fn present() -> u8 {
    1
}

/// Never there.
#[cfg(any())]
#[node]
fn absent() -> Missing {}

/// Never there either.
#[node]
#[cfg(any())]
fn absent_too() -> Missing {}

#[node]
#[must_use]
#[inline(never)]
#[allow(clippy::unused_async)]
async fn attributed(#[allow(unused_variables)] x: u8) -> u8 {
    1
}

/// Old.
#[node(deprecated(since = "1.2.0", note = "use `present`"))]
fn old() -> u8 {
    1
}

macro_rules! made {
    ($name:ident, $limit:literal, $ty:ty) => {
        #[node(timeout = $limit)]
        fn $name(x: $ty) -> $ty {
            x
        }
    };
}
made!(by_macro, "1s", u8);

fn is<S: flowc::__private::Step>() {}

fn main() {
    #[node]
    async fn local(x: &u8) -> u8 {
        *x
    }
    inside::all();
    (is::<present>(), is::<attributed>(), is::<old>(), is::<by_macro>(), is::<local>());
    let spec = <old as flowc::__private::Step>::SPEC;
    assert_eq!(spec.deprecated.map(|d| (d.since, d.note)), Some(("1.2.0", "use `present`")));
}

//! The steps that random workflows are made of. A letter says how an input is taken: `b` borrows, `m` moves.
//!
//! In plain Rust they are called with their number, their inputs and the record.

use flowc::{node, workflow};

use crate::record::{Record, made};
use crate::values::{C, E, K, P, V};

/// An error of a step.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Bad(pub u64);

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bad {}", self.0)
    }
}
impl std::error::Error for Bad {}

macro_rules! steps {
    ($($name:ident($($input:ident: $ty:ty),*) -> $out:ty = |$s:ident, $id:ident| $body:expr;)*) => {$(
        /// A step.
        #[node]
        pub async fn $name($id: u32, $($input: $ty,)* #[resource] $s: &Record) -> $out {
            $body
        }
    )*};
}

steps! {
    b(a: &V) -> V = |s, id| V(s.step(id, &[a.0], false).await);
    m(a: V) -> V = |s, id| V(s.step(id, &[a.0], false).await);
    bb(a: &V, b: &V) -> V = |s, id| V(s.step(id, &[a.0, b.0], false).await);
    bm(a: &V, b: V) -> V = |s, id| V(s.step(id, &[a.0, b.0], false).await);
    mb(a: V, b: &V) -> V = |s, id| V(s.step(id, &[a.0, b.0], false).await);
    mm(a: V, b: V) -> V = |s, id| V(s.step(id, &[a.0, b.0], false).await);
    bbb(a: &V, b: &V, c: &V) -> V = |s, id| V(s.step(id, &[a.0, b.0, c.0], false).await);
    bmb(a: &V, b: V, c: &V) -> V = |s, id| V(s.step(id, &[a.0, b.0, c.0], false).await);
    c_b(a: C, b: &V) -> V = |s, id| V(s.step(id, &[a.0, b.0], false).await);
    c_m(a: C, b: V) -> V = |s, id| V(s.step(id, &[a.0, b.0], false).await);
    c_c(a: C, b: C) -> V = |s, id| V(s.step(id, &[a.0, b.0], false).await);
    k_b(a: &K) -> V = |s, id| V(s.step(id, &[a.0], false).await);
    k_m(a: K) -> V = |s, id| V(s.step(id, &[a.0], false).await);
    l_b(a: &Vec<V>) -> V = |s, id| V(s.step(id, &a.iter().map(|v| v.0).collect::<Vec<_>>(), false).await);
    l_m(a: Vec<V>) -> V = |s, id| V(s.step(id, &a.iter().map(|v| v.0).collect::<Vec<_>>(), false).await);
    o_b(a: Option<&V>) -> V = |s, id| V(s.step(id, &[a.map_or(7, |v| v.0)], false).await);
    p_b(a: &P) -> V = |s, id| V(s.step(id, &[a.a.0, a.b.0, a.n.0], false).await);
    p_m(a: P) -> V = |s, id| V(s.step(id, &[a.a.0, a.b.0, a.n.0], false).await);
    to_p(a: &V) -> P = |s, id| {
        let key = s.step(id, &[a.0], false).await;
        P { a: V(made(1, &[key])), b: V(made(2, &[key])), n: C(made(3, &[key])) }
    };
    to_e(a: &V) -> E = |s, id| {
        let key = s.step(id, &[a.0], false).await;
        match key % 3 {
            0 => E::One(V(made(1, &[key]))),
            1 => E::Two(V(made(1, &[key])), C(made(2, &[key]))),
            _ => E::Zero,
        }
    };
    to_l(a: &V) -> Vec<V> = |s, id| {
        let key = s.step(id, &[a.0], false).await;
        (0..u32::try_from(key % 6).unwrap_or(0)).map(|index| V(made(index, &[key]))).collect()
    };
    to_t(a: &V) -> (V, V) = |s, id| {
        let key = s.step(id, &[a.0], false).await;
        (V(made(1, &[key])), V(made(2, &[key])))
    };
    to_o(a: &V) -> Option<V> = |s, id| {
        let key = s.step(id, &[a.0], false).await;
        (key % 3 != 0).then(|| V(made(1, &[key])))
    };
    o_m(a: Option<V>) -> V = |s, id| V(s.step(id, &[a.map_or(7, |v| v.0)], false).await);
    t_b(a: &(V, V)) -> V = |s, id| V(s.step(id, &[a.0.0, a.1.0], false).await);
    t_m(a: (V, V)) -> V = |s, id| V(s.step(id, &[a.0.0, a.1.0], false).await);
    to_c(a: &V) -> C = |s, id| C(s.step(id, &[a.0], false).await);
    to_k(a: &V) -> K = |s, id| K(s.step(id, &[a.0], false).await);
    flag(a: &V) -> bool = |s, id| s.step(id, &[a.0], false).await % 2 == 0;
    note(a: &V) -> () = |s, id| { s.step(id, &[a.0], true).await; };
    note_m(a: V) -> () = |s, id| { s.step(id, &[a.0], true).await; };
    try_b(a: &V) -> Result<V, Bad> = |s, id| {
        let key = s.step(id, &[a.0], false).await;
        if key % 3 == 0 { Err(Bad(key)) } else { Ok(V(key)) }
    };
    try_m(a: V) -> Result<V, Bad> = |s, id| {
        let key = s.step(id, &[a.0], false).await;
        if key % 3 == 0 { Err(Bad(key)) } else { Ok(V(key)) }
    };
}

/// A step that does not wait.
#[node]
pub fn sync_b(id: u32, a: &V, #[resource] s: &Record) -> V {
    V(s.sync_step(id, &[a.0]))
}

/// A step that does not wait.
#[node]
pub fn sync_bm(id: u32, a: &V, b: V, #[resource] s: &Record) -> V {
    V(s.sync_step(id, &[a.0, b.0]))
}

workflow! {
    /// A workflow as a step.
    pub fn sub(id: u32, x: &V, y: V) -> V {
        let one = b(id + 10_000, x);
        let two = b(id + 20_000, &y);
        bmb(id + 30_000, &one, y, &two)
    }
}

/// The same in plain Rust.
pub async fn plain_sub(id: u32, x: &V, y: V, s: &Record) -> V {
    let one = b(id + 10_000, x, s).await;
    let two = b(id + 20_000, &y, s).await;
    bmb(id + 30_000, &one, y, &two, s).await
}

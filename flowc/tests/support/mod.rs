//! Nodes that do as they are told, and workflows over them, written by hand as `workflow!` would write them.
#![allow(
    dead_code,
    non_camel_case_types,
    non_upper_case_globals,
    missing_docs,
    unreachable_pub,
    reason = "each test uses a part"
)]

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flowc::__private as f;
use flowc::{Context, Event, EventKind, node};

/// Counts how many of [`sleep`]'s and [`stuck`]'s futures are alive.
#[derive(Default)]
pub struct Alive(pub AtomicUsize);

pub struct App {
    pub alive: std::sync::Arc<Alive>,
}

impl flowc::Provides<std::sync::Arc<Alive>> for App {
    fn provide(&self) -> &std::sync::Arc<Alive> {
        &self.alive
    }
}

impl App {
    pub fn new() -> (Self, std::sync::Arc<Alive>) {
        let alive = std::sync::Arc::new(Alive::default());
        (Self { alive: alive.clone() }, alive)
    }
}

struct Guard<'a>(&'a Alive);

impl<'a> Guard<'a> {
    fn new(alive: &'a Alive) -> Self {
        alive.0.fetch_add(1, Ordering::SeqCst);
        Self(alive)
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Oops(pub &'static str);

impl std::fmt::Display for Oops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "oops: {}", self.0)
    }
}

impl std::error::Error for Oops {}

/// Adds one.
#[node]
pub async fn inc(x: &u64) -> Result<u64, Oops> {
    Ok(x + 1)
}

/// Adds one after so many milliseconds.
#[node]
pub async fn sleep(x: &u64, millis: u64, #[resource] alive: &std::sync::Arc<Alive>) -> u64 {
    let _guard = Guard::new(alive);
    tokio::time::sleep(Duration::from_millis(millis)).await;
    x + 1
}

/// Fails after so many milliseconds.
#[node]
pub async fn fails(what: &'static str, millis: u64) -> Result<u64, Oops> {
    if millis > 0 {
        tokio::time::sleep(Duration::from_millis(millis)).await;
    }
    Err(Oops(what))
}

/// Panics.
#[node]
pub async fn panics(x: &u64) -> u64 {
    panic!("no {x} here")
}

/// Streams what it does.
#[node]
pub async fn talks(x: &u64, #[context] cx: &Context) -> String {
    cx.emit("one");
    tokio::task::yield_now().await;
    cx.emit(String::from("two"));
    cx.progress(*x, 10);
    format!("{}|{}|{}", cx.run_id(), cx.step(), cx.correlation_id().unwrap_or("-"))
}

pub const NO_RESOURCES: () = ();

#[macro_export]
macro_rules! hand {
    (
        $name:ident($input:ident: $ty:ty) -> $out:ty;
        nodes { $($node:ident),* $(,)? }
        steps { $($index:literal: $step:ident = $called:ident),* $(,)? }
        |$at:ident, $r:ident, $E:ident| $body:block
    ) => {
        pub struct $name {}
        pub fn $name($input: $ty) -> flowc::Prepared<'static, $name> {
            flowc::Prepared::new(($input,))
        }
        impl $name {
            $(pub const $step: f::StepHandle<$name, $called, $index> = f::StepHandle::new();)*
            pub fn input<'a>($input: $ty) -> ($ty,) {
                ($input,)
            }
        }
        const _: () = {
            impl f::Step for $name {
                const SPEC: &'static f::NodeSpec =
                    &f::make::node(stringify!($name), "", f::NodeKind::Workflow, &[], stringify!($out), None, (file!(), line!()))
                        .with_graph(<$name as f::Workflow>::GRAPH);
                type Input<'a> = ($ty,);
                type Resources<'r> = Res<'r>;
                type Output = $out;
                type Error = f::AnyError;
                type Ended = Result<Result<$out, f::Failure>, f::Panicked>;
                fn begin<'a, 'r, 's, $E: f::Executor>(
                    input: Self::Input<'a>,
                    $r: Self::Resources<'r>,
                    at: f::At<'s, $E>,
                ) -> impl Future<Output = Self::Ended> + Send {
                    f::Guarded::new(async move {
                        let frame = f::Frame::workflow(at, <$name as f::Workflow>::GRAPH);
                        let $at = f::At::new(at.exec(), &frame);
                        let ($input,) = input;
                        let _ = &$r;
                        $body
                    })
                }
                fn settle<X: f::Executor>(ended: Self::Ended, at: f::At<'_, X>) -> Result<$out, f::Failure> {
                    match ended {
                        Ok(result) => result,
                        Err(panicked) => Err(panicked.into_failure(at)),
                    }
                }
            }
            impl f::Workflow for $name {
                const GRAPH: &'static f::GraphSpec = &f::make::graph(
                    stringify!($name),
                    "",
                    (file!(), line!()),
                    &[$(f::make::vertex(
                        stringify!($step),
                        f::make::step(<$called as f::Step>::SPEC, false),
                        None,
                        (line!(), 1),
                    )),*],
                    &[],
                );
            }
            #[derive(Clone, Copy)]
            pub struct Res<'r> {
                $($node: <$node as f::Step>::Resources<'r>,)*
                _r: std::marker::PhantomData<&'r ()>,
            }
            impl<R> f::ResourcesFrom<R> for $name
            where
                $($node: f::ResourcesFrom<R>,)*
            {
                fn resources(r: &R) -> Res<'_> {
                    let _ = r;
                    Res {
                        $($node: <$node as f::ResourcesFrom<R>>::resources(r),)*
                        _r: std::marker::PhantomData,
                    }
                }
            }
        };
    };
}

/// One step.
#[macro_export]
macro_rules! step {
    ($E:ident $at:ident $r:ident $i:literal $n:ident($($a:expr),*)) => {
        match f::settle::<$n, $E>(f::step::<$n, $E>($at.vertex($i), $r.$n, <$n>::input($($a),*)).await, $at.vertex($i)) {
            Ok(value) => value,
            Err(failure) => return Err(failure),
        }
    };
}

/// One step as a strand.
#[macro_export]
macro_rules! strand {
    ($E:ident $at:ident $r:ident $i:literal $n:ident($($a:expr),*)) => {
        f::settling::<$n, $E, _>(
            $at.vertex($i),
            f::step::<$n, $E>($at.vertex($i), $r.$n, <$n>::input($($a),*)),
        )
    };
}

hand! {
    chain(x: u64) -> u64;
    nodes { inc }
    steps { 0: first = inc, 1: second = inc, 2: third = inc }
    |at, r, E| {
        let a = step!(E at r 0 inc(&x));
        let b = step!(E at r 1 inc(&a));
        Ok(step!(E at r 2 inc(&b)))
    }
}

hand! {
    slow(x: u64) -> u64;
    nodes { sleep }
    steps { 0: wait = sleep, 1: again = sleep }
    |at, r, E| {
        let a = step!(E at r 0 sleep(&x, 100));
        Ok(step!(E at r 1 sleep(&a, 100)))
    }
}

hand! {
    nested(x: u64) -> u64;
    nodes { inc, chain }
    steps { 0: begin = inc, 1: reply = chain }
    |at, r, E| {
        let a = step!(E at r 0 inc(&x));
        Ok(step!(E at r 1 chain(a)))
    }
}

hand! {
    both_fail(millis: u64) -> u64;
    nodes { fails, sleep }
    steps { 0: left = fails, 1: right = fails, 2: other = sleep }
    |at, r, E| {
        let x = 1;
        let (a, b, c) = match f::join3(
            strand!(E at r 0 fails("left", millis)),
            strand!(E at r 1 fails("right", millis)),
            strand!(E at r 2 sleep(&x, 1000)),
        )
        .await
        {
            Ok(values) => values,
            Err(failure) => return Err(failure),
        };
        Ok(a + b + c)
    }
}

hand! {
    panicking(x: u64) -> u64;
    nodes { panics }
    steps { 0: bad = panics }
    |at, r, E| { Ok(step!(E at r 0 panics(&x))) }
}

hand! {
    panics_between(x: u64) -> u64;
    nodes { inc }
    steps { 0: good = inc }
    |at, r, E| {
        let a = step!(E at r 0 inc(&x));
        Ok(a.checked_sub(1000).expect("a plain value that panics"))
    }
}

hand! {
    talking(x: u64) -> String;
    nodes { talks }
    steps { 0: words = talks }
    |at, r, E| { Ok(step!(E at r 0 talks(&x))) }
}

/// The event in short: what happened, and to which step.
pub fn short(event: &Event) -> String {
    let step = event.kind.step().unwrap_or("").to_owned();
    let what = match &event.kind {
        EventKind::RunStarted { .. } => "run started",
        EventKind::StepStarted { .. } => "started",
        EventKind::StepRetried { .. } => "retried",
        EventKind::Chunk { data, .. } => return format!("{step} chunk {data}"),
        EventKind::Progress { done, total, .. } => return format!("{step} progress {done}/{total}"),
        EventKind::StepFinished { .. } => "finished",
        EventKind::StepFailed { error, .. } => return format!("{step} failed: {error}"),
        EventKind::StepCancelled { .. } => "cancelled",
        EventKind::RunFinished { .. } => "run finished",
        EventKind::RunFailed { .. } => "run failed",
        EventKind::RunCancelled { .. } => "run cancelled",
        EventKind::Lagged(n) => return format!("lagged {n}"),
        _ => "other",
    };
    if what.starts_with("run") { what.to_owned() } else { format!("{step} {what}") }
}

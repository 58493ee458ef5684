//! Starting, asking, signalling and cancelling runs on a real server, and what is refused.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flowc::conformance::{App as Suite, workflows::conform_joined, workflows::conform_map};
use flowc::{Context, Delivery, Resources, node, signal, sleep, workflow};
use flowc_restate::{Admin, Client, ClientError, Deployment, RemoteState, RunError, Serving};
use flowc_test_peers::restate::Restate;

#[derive(Resources)]
struct App {
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    begun: AtomicUsize,
    dropped: AtomicUsize,
}

struct Dropped<'s>(&'s Seen);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

/// Goes on for as long as nobody cancels it.
#[node]
async fn forever(number: u32, #[resource] seen: &Seen) -> u32 {
    let _dropped = Dropped(seen);
    seen.begun.fetch_add(1, Ordering::SeqCst);
    std::future::pending::<()>().await;
    number
}

#[node]
async fn fail(why: String) -> Result<u32, String> {
    Err(why)
}

#[node]
fn add(one: u32, other: u32) -> u32 {
    one + other
}

#[node]
fn correlation(#[context] cx: &Context) -> Option<String> {
    cx.correlation_id().map(str::to_owned)
}

workflow! {
    fn endless(number: u32) -> u32 {
        let one = forever(number);
        let other = forever(number + 1);
        add(one, other)
    }

    fn broken(why: String) -> u32 {
        let slow = forever(1);
        let bad = fail(why);
        add(slow, bad)
    }

    fn approved(amount: u32) -> u32 {
        let more = signal::<u32>("approve");
        add(amount, more)
    }

    fn waiting(seconds: u64) -> u32 {
        let waited = sleep(Duration::from_secs(seconds));
        #[after(waited)]
        let one = add(1, 2);
        one
    }

    fn correlated() -> Option<String> {
        correlation()
    }

    /// The same name as `approved` in the next version, with other steps.
    fn sum(one: u32) -> u32 {
        add(one, 1)
    }
}

struct Set {
    server: Restate,
    client: Client,
    seen: Arc<Seen>,
    _serving: Serving,
}

async fn set() -> Set {
    let server = Restate::start(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let seen = Arc::new(Seen::default());
    let deployment = Deployment::builder().resources(App { seen: Arc::clone(&seen) });
    let deployment = deployment.workflow::<endless>().workflow::<broken>().workflow::<approved>();
    let deployment = deployment.workflow::<waiting>().workflow::<correlated>();
    let serving = deployment.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    let uri = format!("http://{}", serving.address());
    let admin = Admin::new(&server.admin);
    admin.register(&uri, &deployment).await.unwrap();
    // Registering it again changes nothing.
    admin.register(&uri, &deployment).await.unwrap();
    let client = Client::new(&server.ingress).admin(&server.admin);
    Set { server, client, seen, _serving: serving }
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_cancelled_run_ends_with_its_nodes() {
    let Set { server: _server, client, seen, _serving } = set().await;
    let run = client.start(endless(1)).await.unwrap();
    until("both nodes are called", async || seen.begun.load(Ordering::SeqCst) == 2).await;
    let status = run.status().await.unwrap();
    assert_eq!(status.state, RemoteState::Running);
    assert_eq!(status.steps.iter().map(|step| &*step.node).collect::<Vec<_>>(), ["forever", "forever"]);
    run.cancel().await.unwrap();
    assert!(matches!(run.result().await, Err(RunError::Cancelled)));
    until("the nodes are dropped", async || seen.dropped.load(Ordering::SeqCst) == 2).await;
    until("it is known as cancelled", async || run.status().await.unwrap().state == RemoteState::Cancelled).await;
    assert!(matches!(run.signal("any", 1).await, Err(ClientError::Over { .. })));
}

#[tokio::test]
async fn a_failure_ends_the_run_and_what_still_goes_on() {
    let Set { server: _server, client, seen, _serving } = set().await;
    let run = client.start(broken("no more paper".to_owned())).await.unwrap();
    let error = run.result().await.unwrap_err();
    let RunError::Failed { message } = &error else { panic!("{error}") };
    assert!(message.contains("no more paper") && message.contains("broken/bad"), "{message}");
    until("the other node is dropped", async || {
        seen.dropped.load(Ordering::SeqCst) == seen.begun.load(Ordering::SeqCst)
    })
    .await;
    assert!(matches!(run.status().await.unwrap().state, RemoteState::Failed(why) if why.contains("no more paper")));
}

#[tokio::test]
async fn a_signal_is_taken_once_and_a_start_as_well() {
    let Set { server: _server, client, _serving, .. } = set().await;
    let run = client.start_once("order 7/b", approved(100)).await.unwrap();
    let same = client.start_once("order 7/b", approved(500)).await.unwrap();
    assert_eq!(run.signal_once("mail 1", "other", 1).await.unwrap(), Delivery::Delivered);
    assert_eq!(run.signal_once("mail 2", "approve", 20).await.unwrap(), Delivery::Delivered);
    assert_eq!(same.result().await.unwrap(), 120);
    assert_eq!(run.result().await.unwrap(), 120);
    assert!(matches!(run.signal("approve", 1).await, Err(ClientError::Over { .. })));
    let none = client.run::<approved>("nobody");
    assert!(matches!(none.signal("approve", 1).await, Err(ClientError::Unknown { .. })));
    assert!(matches!(none.result().await, Err(RunError::Client(ClientError::Unknown { .. }))));

    let waits = client.start_once("order 8", approved(1)).await.unwrap();
    assert_eq!(waits.signal_once("mail", "other", 1).await.unwrap(), Delivery::Delivered);
    assert_eq!(waits.signal_once("mail", "other", 1).await.unwrap(), Delivery::Duplicate);
}

#[tokio::test]
async fn a_run_keeps_to_its_time_and_knows_its_correlation_id() {
    let Set { server: _server, client, _serving, .. } = set().await;
    let run = client.start(waiting(3600).timeout(Duration::from_millis(200))).await.unwrap();
    let error = run.await.unwrap_err();
    assert!(matches!(&error, RunError::Failed { message } if message.contains("200ms")), "{error}");
    assert_eq!(client.start(waiting(0)).await.unwrap().await.unwrap(), 3);
    let run = client.start(correlated().correlation_id("request 9")).await.unwrap();
    assert_eq!(run.await.unwrap().as_deref(), Some("request 9"));
}

#[tokio::test]
async fn another_version_at_the_same_address_is_refused() {
    let set = set().await;
    let admin = Admin::new(&set.server.admin);
    let deployment = Deployment::builder().resources(()).workflow::<sum>();
    let serving = deployment.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    let uri = format!("http://{}", serving.address());
    admin.register(&uri, &deployment).await.unwrap();
    let other = Deployment::builder().resources(()).workflow::<sum>().workflow::<approved>();
    let error = admin.register(&uri, &other).await.unwrap_err().to_string();
    assert!(error.contains("+ approved.signals") && error.contains("an address of its own"), "{error}");
}

/// A new version takes the new runs, and the open ones go on with the code and the nodes that they began with.
#[tokio::test]
async fn open_runs_stay_with_the_version_that_they_began_with() {
    mod old {
        #[flowc::node]
        pub fn price(amount: u32) -> u32 {
            amount * 10
        }
        flowc::workflow! {
            pub fn invoice(amount: u32) -> u32 {
                let sure = flowc::signal::<bool>("sure");
                #[after(sure)]
                let price = price(amount);
                price
            }
        }
    }
    mod new {
        #[flowc::node]
        pub fn price(amount: u32, reduced: bool) -> u32 {
            if reduced { amount * 7 } else { amount * 10 }
        }
        flowc::workflow! {
            pub fn invoice(amount: u32) -> u32 {
                let price = price(amount, true);
                price
            }
        }
    }
    let server = Restate::start(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let (admin, client) = (Admin::new(&server.admin), Client::new(&server.ingress));
    let first = Deployment::builder().resources(()).workflow::<old::invoice>();
    let serving = first.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    admin.register(&format!("http://{}", serving.address()), &first).await.unwrap();
    let open = client.start(old::invoice(3)).await.unwrap();
    // It waits for the signal at the old version before the new one comes.
    let status = Client::new(&server.ingress).admin(&server.admin).run::<old::invoice>(open.key());
    until("it has begun", async || matches!(status.status().await, Ok(status) if status.state == RemoteState::Running))
        .await;
    let second = Deployment::builder().resources(()).workflow::<new::invoice>();
    let also = second.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    admin.register(&format!("http://{}", also.address()), &second).await.unwrap();
    assert_eq!(client.start(new::invoice(3)).await.unwrap().await.unwrap(), 21);
    open.signal("sure", true).await.unwrap();
    assert_eq!(open.await.unwrap(), 30);
}

/// Steps that end in an order that chance decides, many times: a loop that lost one would wait for a minute.
#[tokio::test(flavor = "multi_thread")]
async fn no_run_stalls_whatever_the_order() {
    let server = Restate::start(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let deployment = Deployment::builder().resources(Suite::default());
    let deployment = deployment.workflow::<conform_joined>().workflow::<conform_map>();
    let serving = deployment.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    Admin::new(&server.admin).register(&format!("http://{}", serving.address()), &deployment).await.unwrap();
    let mut clients = tokio::task::JoinSet::new();
    for first in 0..8_u64 {
        let client = Client::new(&server.ingress);
        clients.spawn(async move {
            let mut times = Vec::new();
            for seed in (0..20).map(|run| 1000 * run + first) {
                let begun = Instant::now();
                if seed % 2 == 0 {
                    client.start(conform_joined(seed)).await.unwrap().await.unwrap();
                } else {
                    client.start(conform_map(seed)).await.unwrap().await.unwrap();
                }
                times.push(begun.elapsed());
            }
            times
        });
    }
    let mut times: Vec<Duration> = clients.join_all().await.into_iter().flatten().collect();
    times.sort_unstable();
    println!("{} runs: median {:?}, p99 {:?}", times.len(), times[times.len() / 2], times[times.len() * 99 / 100]);
    // The stall is a minute; all else is the business of the machine.
    assert!(times.iter().all(|time| *time < Duration::from_secs(55)), "{:?}", times.last());
}

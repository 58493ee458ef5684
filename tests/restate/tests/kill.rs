//! `kill -9` of workers and of the server, with runs on their way: all come to their results, and no step that is done is called again.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flowc_restate::{Admin, Client, Deployment, RemoteRun};
use flowc_test_peers::restate::Restate;
use flowc_test_restate::{App, errand, expected};

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// A worker in a process of its own.
struct Worker(Child);

impl Worker {
    fn start(at: SocketAddr, name: &str, calls: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowc-test-restate"));
        command.args([&at.to_string(), name]).arg(calls).stdin(Stdio::null());
        let worker = Self(command.spawn().expect("the worker"));
        let begun = Instant::now();
        while std::net::TcpStream::connect(at).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the worker does not serve");
            std::thread::sleep(Duration::from_millis(20));
        }
        worker
    }

    fn kill(&mut self) {
        self.0.kill().expect("the worker to kill");
        self.0.wait().expect("its end");
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The file of calls.
struct Calls(PathBuf);

impl Calls {
    fn new(name: &str) -> Self {
        let file = scratch().join(format!("calls-{name}-{}", std::process::id()));
        let _ = std::fs::remove_file(&file);
        Self(file)
    }

    /// The lines that begin so: the worker and the step of each.
    fn lines(&self, what: &str) -> Vec<(String, String)> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let words = text.lines().map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        words.filter(|words| words[0] == what).map(|words| (words[1].clone(), words[2].clone())).collect()
    }

    /// Waits until so many calls are done.
    async fn wait_for(&self, done: usize) {
        let begun = Instant::now();
        while self.lines("done").len() < done {
            assert!(begun.elapsed() < Duration::from_secs(120), "only {} calls are done", self.lines("done").len());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// How often the calls of one step came to their end, beyond once.
    fn again(&self) -> usize {
        let mut counts = BTreeMap::new();
        for (_, step) in self.lines("done") {
            *counts.entry(step).or_insert(0) += 1;
        }
        counts.values().map(|count| count - 1).sum()
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// What the server asks for is the same as what this process would serve.
fn deployment() -> Deployment<App> {
    Deployment::builder().resources(App::new("none".to_owned(), PathBuf::new())).workflow::<errand>()
}

async fn started(client: &Client, runs: u64) -> Vec<(u64, RemoteRun<errand>)> {
    let mut all = Vec::new();
    for first in 0..runs {
        all.push((first, client.start(errand(first)).await.unwrap()));
    }
    all
}

async fn finished(runs: Vec<(u64, RemoteRun<errand>)>) {
    for (first, run) in runs {
        assert_eq!(run.await.unwrap(), expected(first));
    }
}

const RUNS: u64 = 6;
/// Steps of one run that are in flight at once.
const AT_ONCE: usize = 4;
const STEPS: usize = 9;

#[tokio::test]
async fn a_worker_is_killed_again_and_again() {
    let (server, calls, at) = (Restate::start(scratch()), Calls::new("worker"), free());
    let mut worker = Worker::start(at, "one", &calls.0);
    Admin::new(&server.admin).register(&format!("http://{at}"), &deployment()).await.unwrap();
    let runs = started(&Client::new(&server.ingress), RUNS).await;
    let kills = 4;
    for kill in 0..kills {
        calls.wait_for(5 * (kill + 1)).await;
        worker.kill();
        worker = Worker::start(at, "one", &calls.0);
    }
    finished(runs).await;
    let steps: BTreeSet<_> = calls.lines("done").into_iter().map(|(_, step)| step).collect();
    assert_eq!(steps.len(), STEPS * usize::try_from(RUNS).unwrap());
    // A step is called again only if nobody had heard yet that it was done.
    let again = calls.again();
    assert!(again <= kills * AT_ONCE * usize::try_from(RUNS).unwrap() / 2, "{again} steps came to their end twice");
    assert!(calls.lines("begun").len() > steps.len(), "the worker was killed in the middle of steps");
    drop(worker);
}

#[tokio::test]
async fn the_server_is_killed() {
    let (mut server, calls, at) = (Restate::start(scratch()), Calls::new("server"), free());
    let _worker = Worker::start(at, "one", &calls.0);
    Admin::new(&server.admin).register(&format!("http://{at}"), &deployment()).await.unwrap();
    let runs = started(&Client::new(&server.ingress), RUNS).await;
    for kill in 0..3 {
        calls.wait_for(6 * (kill + 1)).await;
        server.kill();
        server.begin_again();
    }
    finished(runs).await;
    let steps: BTreeSet<_> = calls.lines("done").into_iter().map(|(_, step)| step).collect();
    assert_eq!(steps.len(), STEPS * usize::try_from(RUNS).unwrap());
}

/// Leaves out a worker that does not answer, and spreads connections over those that do.
async fn proxy(workers: Vec<SocketAddr>) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut next = 0;
        while let Ok((mut from, _)) = listener.accept().await {
            for _ in 0..workers.len() {
                next = (next + 1) % workers.len();
                if let Ok(mut to) = tokio::net::TcpStream::connect(workers[next]).await {
                    tokio::spawn(async move { tokio::io::copy_bidirectional(&mut from, &mut to).await });
                    break;
                }
            }
        }
    });
    at
}

/// Two processes behind one address: when one is gone, the other takes over what it was doing.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_workers_is_killed() {
    let (server, calls) = (Restate::start(scratch()), Calls::new("two"));
    let places = [free(), free()];
    let mut workers =
        [Some(Worker::start(places[0], "one", &calls.0)), Some(Worker::start(places[1], "two", &calls.0))];
    let at = proxy(places.to_vec()).await;
    Admin::new(&server.admin).register(&format!("http://{at}"), &deployment()).await.unwrap();
    let client = Client::new(&server.ingress);
    let runs = started(&client, RUNS).await;
    calls.wait_for(10).await;
    // The one that is at work, or one of them.
    let busy = usize::from(calls.lines("done").last().unwrap().0 == "two");
    workers[busy] = None;
    finished(runs).await;
    let names: BTreeSet<_> = calls.lines("done").into_iter().map(|(worker, _)| worker).collect();
    assert_eq!(names.len(), 2, "both have worked");
    let steps: BTreeSet<_> = calls.lines("done").into_iter().map(|(_, step)| step).collect();
    assert_eq!(steps.len(), STEPS * usize::try_from(RUNS).unwrap());
}

/// Three servers that are one. The one that is lost is not the one that the client speaks with, as a client has one address.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_of_a_cluster_is_lost() {
    let ([first, _second, mut third], calls, at) = (Restate::cluster(scratch()), Calls::new("cluster"), free());
    let _worker = Worker::start(at, "one", &calls.0);
    Admin::new(&first.admin).register(&format!("http://{at}"), &deployment()).await.unwrap();
    let runs = started(&Client::new(&first.ingress), RUNS).await;
    calls.wait_for(8).await;
    third.kill();
    finished(runs).await;
    let steps: BTreeSet<_> = calls.lines("done").into_iter().map(|(_, step)| step).collect();
    assert_eq!(steps.len(), STEPS * usize::try_from(RUNS).unwrap());
}

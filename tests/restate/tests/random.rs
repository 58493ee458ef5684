//! Random workflows give on Restate what the same programs give in plain Rust.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use flowc::journal::{Json, StorableInputs};
use flowc::remote::Remote;
use flowc::{Prepared, ResourcesFrom, Workflow};
use flowc_random::generated::{CASES, remote};
use flowc_random::record::Record;
use flowc_random::values::V;
use flowc_random::{App, Visitor};
use flowc_restate::{Admin, Client, Deployment};
use flowc_test_peers::restate::Restate;

type Found = Pin<Box<dyn Future<Output = Result<u64, String>> + Send>>;

type Start = Box<dyn Fn(Client) -> Found>;

/// The deployment of all programs, and how one of each is run.
struct Programs {
    deployment: Deployment<App>,
    runs: Vec<(&'static str, Start)>,
}

impl Visitor for Programs {
    fn case<W>(mut self, name: &'static str, start: fn() -> Prepared<'static, W>) -> Self
    where
        W: Workflow<Output = V> + ResourcesFrom<App> + Remote<App, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        self.deployment = self.deployment.workflow::<W>();
        let run = move |client: Client| -> Found {
            Box::pin(async move {
                let run = client.start(start()).await.map_err(|error| error.to_string())?;
                run.await.map(|value| value.0).map_err(|error| error.to_string())
            })
        };
        self.runs.push((name, Box::new(run)));
        self
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn random_programs_give_what_plain_rust_gives() {
    let server = Restate::start(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let deployment = Deployment::builder().resources(App { record: Record::new(7) });
    let programs = remote(Programs { deployment, runs: Vec::new() });
    let serving = programs.deployment.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    Admin::new(&server.admin).register(&format!("http://{}", serving.address()), &programs.deployment).await.unwrap();
    let client = Client::new(&server.ingress);
    assert!(programs.runs.len() > 10, "only {} programs", programs.runs.len());
    let mut running = tokio::task::JoinSet::new();
    for (name, run) in &programs.runs {
        for _ in 0..3 {
            let (name, run) = (*name, run(client.clone()));
            running.spawn(async move { (name, run.await) });
        }
    }
    while let Some(ended) = running.join_next().await {
        let (name, found) = ended.unwrap();
        let case = CASES.iter().find(|case| case.name == name).unwrap();
        let app = App { record: Record::new(0) };
        assert_eq!(found, (case.plain)(&app).await, "{name}");
    }
}

//! Every executor gives what a run in process gives.

use std::path::Path;
use std::sync::Arc;

use flowc::conformance::{self, App, Conforming, Serves, Signals, Subject};
use flowc::{DurableEngine, Engine, Prepared};
use flowc_restate::{Admin, Client, Deployment};
use flowc_store::Store;
use flowc_test_peers::restate::Restate;

struct InTasks(Engine<App>);

impl Subject for InTasks {
    async fn run<W: Conforming>(&self, workflow: Prepared<'static, W>, signals: Signals) -> Result<W::Output, String> {
        let run = self.0.start(workflow);
        for (name, value) in signals {
            run.signal(name, value).await.map_err(|error| error.to_string())?;
        }
        run.await.map_err(|failure| failure.to_string())
    }
}

struct InJournal(DurableEngine<App>);

impl Subject for InJournal {
    async fn run<W: Conforming>(&self, workflow: Prepared<'static, W>, signals: Signals) -> Result<W::Output, String> {
        let run = self.0.start(workflow);
        for (name, value) in signals {
            run.signal(name, value).await.map_err(|error| error.to_string())?;
        }
        run.await.map_err(|failure| failure.to_string())
    }
}

#[derive(Clone)]
struct OnRestate(Client);

impl Subject for OnRestate {
    async fn run<W: Conforming>(&self, workflow: Prepared<'static, W>, signals: Signals) -> Result<W::Output, String> {
        let run = self.0.start(workflow).await.map_err(|error| error.to_string())?;
        for (name, value) in signals {
            run.signal(name, value).await.map_err(|error| error.to_string())?;
        }
        run.await.map_err(|error| error.to_string())
    }
}

struct Serving(Deployment<App>);

impl Serves for Serving {
    fn workflow<W: Conforming>(self) -> Self {
        Self(self.0.workflow::<W>())
    }
}

#[tokio::test]
async fn an_engine_conforms() {
    let app = App::default();
    let engine = InTasks(Engine::builder().resources(app.clone()).build());
    conformance::check(&engine, 0..6).await.unwrap();
    assert_eq!(app.twice(), Vec::<String>::new());
}

#[tokio::test]
async fn a_journal_conforms() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("conform-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let app = App::default();
    let store = Store::open(folder.join("runs.db")).unwrap();
    let engine = InJournal(Engine::builder().resources(app.clone()).journal(store).build());
    conformance::check(&engine, 0..6).await.unwrap();
    assert_eq!(app.twice(), Vec::<String>::new());
    drop(engine);
    std::fs::remove_dir_all(folder).unwrap();
}

/// The steps end in another order in each run, which stalls futures of the SDK that are polled side by side.
#[tokio::test(flavor = "multi_thread")]
async fn restate_conforms() {
    let server = Restate::start(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let app = App::default();
    let deployment = conformance::serve(Serving(Deployment::builder().resources(app.clone()))).0;
    let serving = deployment.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    let uri = format!("http://{}", serving.address());
    Admin::new(&server.admin).register(&uri, &deployment).await.unwrap();
    let client = Arc::new(OnRestate(Client::new(&server.ingress)));
    let mut checks = tokio::task::JoinSet::new();
    for first in 0..8 {
        let client = Arc::clone(&client);
        checks.spawn(async move { conformance::check(&*client, [first, first + 8]).await });
    }
    while let Some(checked) = checks.join_next().await {
        if let Err(unlike) = checked.unwrap() {
            panic!("{unlike}");
        }
    }
    assert!(app.steps() > 500, "the nodes were called here");
    assert_eq!(app.twice(), Vec::<String>::new());
}

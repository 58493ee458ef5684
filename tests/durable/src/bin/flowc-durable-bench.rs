//! What durable runs cost: `cargo xtask bench durable`.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use flowc::journal::RunFilter;
use flowc::{DurableEngine, Engine, node, signal, workflow};
use flowc_store::{Durability, Postgres, Store};
use flowc_test_peers::postgres::Postgres as Server;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[node]
async fn add(number: u64) -> u64 {
    number + 1
}

#[node]
async fn line(number: u64) -> String {
    format!("{number:0>512}")
}

workflow! {
    /// Ten steps, one after the other.
    fn chain(number: u64) -> u64 {
        add(add(add(add(add(add(add(add(add(add(number))))))))))
    }

    /// Two hundred steps that give 100 KiB of text.
    fn text(steps: u64) -> usize {
        let numbers = 0..steps;
        #[max(1)]
        let lines = for number in numbers { line(number) };
        lines.iter().map(String::len).sum()
    }

    fn one(number: u64) -> u64 { add(number) }

    fn waits(number: u64) -> u64 {
        let more = add(number);
        #[after(more)]
        let by = signal::<u64>("go");
        by + more
    }
}

/// So many runs at once.
async fn microseconds(engine: &DurableEngine<()>, at_once: u64, time: Duration) -> Outcome<f64> {
    let began = Instant::now();
    let lanes: Vec<_> = (0..at_once)
        .map(|lane| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let mut runs = 0_u64;
                while began.elapsed() < time {
                    engine.start(chain(lane)).await.map_err(|failure| failure.to_string())?;
                    runs += 1;
                }
                Ok::<_, String>(runs)
            })
        })
        .collect();
    let mut runs = 0;
    for lane in lanes {
        runs += lane.await??;
    }
    Ok(began.elapsed().as_secs_f64() * 1e6 / (runs * 10) as f64)
}

fn engine(store: Store) -> DurableEngine<()> {
    Engine::builder().resources(()).journal(store).build()
}

enum Place {
    File(PathBuf, Durability),
    Server(String),
}

impl Place {
    async fn open(&self) -> Outcome<Store> {
        Ok(match self {
            // The thread that had the file lets go a moment after the store.
            Self::File(file, level) => Store::open_at(file, *level)?,
            Self::Server(url) => Postgres::new(url.as_str()).connect().await?,
        })
    }

    fn bytes(&self, server: &Server) -> Outcome<u64> {
        Ok(match self {
            Self::File(file, _) => {
                // Once the thread lets go of the file all is in it.
                while std::fs::exists(format!("{}-wal", file.display()))? {
                    std::thread::sleep(Duration::from_millis(10));
                }
                std::fs::metadata(file)?.len()
            }
            Self::Server(url) => {
                let database = url.rsplit('/').next().ok_or("a database")?;
                let size = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = \
                            'flowc'::regnamespace AND relkind = 'r'";
                server.sql(database, size).concat().concat().parse()?
            }
        })
    }
}

async fn steps(place: &Place, time: Duration) -> Outcome<[f64; 2]> {
    let engine = engine(place.open().await?);
    Ok([microseconds(&engine, 1, time).await?, microseconds(&engine, 64, time).await?])
}

async fn growth(place: &Place, server: &Server) -> Outcome<u64> {
    engine(place.open().await?).start(chain(1)).await?;
    let before = place.bytes(server)?;
    engine(place.open().await?).start(text(200)).await?;
    Ok(place.bytes(server)? - before)
}

/// How long it takes to open a store with many runs, to list a page of them, and to go on with those that are open.
async fn opening(place: &Place, finished: u64, open: u64) -> Outcome<[f64; 4]> {
    let began = Instant::now();
    {
        let engine = engine(place.open().await?);
        let lanes: Vec<_> = (0..64)
            .map(|lane| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    for number in (lane..finished).step_by(64) {
                        engine.start(one(number)).await.map_err(|failure| failure.to_string())?;
                    }
                    Ok::<_, String>(())
                })
            })
            .collect();
        for lane in lanes {
            lane.await??;
        }
        for number in 0..open {
            engine.start(waits(number)).detach();
        }
        while engine.runs(RunFilter::new().waiting_for("go").limit(u32::MAX / 2)).await?.len() < usize::try_from(open)?
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // What is open stays open.
        let _ = engine.shutdown(Duration::ZERO).await;
    }
    let filled = began.elapsed().as_secs_f64();
    // The store before lets go in its own time.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    let engine = engine(place.open().await?);
    let opened = began.elapsed();
    let began = Instant::now();
    let page = engine.runs(RunFilter::new()).await?;
    let listed = began.elapsed();
    assert_eq!(page.len(), 100);
    let began = Instant::now();
    let mut runs = Vec::new();
    while runs.len() < usize::try_from(open)? {
        runs.extend(engine.resume::<waits>().await?);
    }
    let resumed = began.elapsed();
    for run in runs {
        run.detach();
    }
    let _ = engine.shutdown(Duration::ZERO).await;
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    Ok([filled, millis(opened), millis(listed), millis(resumed)])
}

fn main() -> Outcome<()> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).ok_or("a target folder")?;
    let scratch = target.join("tmp");
    let folder = target.join("bench/durable");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    std::fs::create_dir_all(&scratch)?;
    let server = Server::start(&scratch);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let time = Duration::from_secs(std::env::var("FLOWC_BENCH_SECONDS").ok().map_or(Ok(3), |text| text.parse())?);
    let many: u64 = std::env::var("FLOWC_BENCH_RUNS").ok().map_or(Ok(100_000), |text| text.parse())?;
    let places = |name: &str| {
        [
            ("SQLite, `process`", Place::File(folder.join(format!("{name}.db")), Durability::Process)),
            ("SQLite, `power`", Place::File(folder.join(format!("{name}-power.db")), Durability::Power)),
            ("PostgreSQL", Place::Server(server.database(name))),
        ]
    };
    let mut out = std::io::stdout().lock();

    writeln!(out, "| chain of ten steps | µs a step, one run at a time | 64 runs at once |\n|---|---:|---:|")?;
    let plain = Arc::new(Engine::builder().resources(()).build());
    let began = Instant::now();
    let runs = runtime.block_on(async {
        let mut runs = 0_u64;
        while began.elapsed() < time {
            plain.start(chain(1)).await?;
            runs += 1;
        }
        Ok::<_, flowc::Failure>(runs)
    })?;
    writeln!(out, "| an engine without a journal | {:.2} | - |", time.as_secs_f64() * 1e6 / (runs * 10) as f64)?;
    for (name, place) in &places("steps") {
        let [alone, together] = runtime.block_on(steps(place, time))?;
        writeln!(out, "| {name} | {alone:.0} | {together:.1} |")?;
    }

    writeln!(out, "\n| 200 steps that give 100 KiB of text | KiB more in the store |\n|---|---:|")?;
    for (name, place) in places("growth").iter().filter(|(name, _)| !name.contains("power")) {
        let bytes = runtime.block_on(growth(place, &server))?;
        writeln!(out, "| {name} | {} |", bytes / 1024)?;
    }

    writeln!(
        out,
        "\n| {many} finished runs and 1,000 that wait | s to make them | ms to open | ms to list 100 | ms to resume the 1,000 \
         |\n|---|---:|---:|---:|---:|"
    )?;
    for (name, place) in places("opening").iter().filter(|(name, _)| !name.contains("power")) {
        let [filled, opened, listed, resumed] = runtime.block_on(opening(place, many, 1000))?;
        writeln!(out, "| {name} | {filled:.0} | {opened:.0} | {listed:.1} | {resumed:.0} |")?;
    }
    drop(server);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

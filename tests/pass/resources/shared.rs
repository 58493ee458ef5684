//! An application that is shared provides what it holds.
#![deny(warnings)]

use std::sync::Arc;

use flowc::{Engine, Failure, Prepared, Resources, ResourcesFrom, Run, Workflow, node, workflow};

#[derive(Resources)]
struct App {
    number: u32,
}

#[node]
async fn read(#[resource] number: &u32) -> u32 {
    *number
}

workflow! {
    fn number() -> u32 {
        read()
    }
}

/// Any workflow, not known here by its name.
fn serve<W: Workflow + ResourcesFrom<Arc<App>>>(engine: &Engine<Arc<App>>, workflow: Prepared<'static, W>) -> Run<W> {
    engine.start(workflow)
}

async fn all() -> Result<(), Failure> {
    let app = Arc::new(App { number: 7 });
    assert_eq!(number().run(&app).await?, 7);
    let borrowed: &App = &app;
    assert_eq!(number().run(&borrowed).await?, 7);
    let engine = Engine::builder().resources(app).build();
    assert_eq!(serve(&engine, number()).await?, 7);
    Ok(())
}

fn main() {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(all()).unwrap();
}

//! A worker to be killed: `flowc-test-restate <address> <name> <file of calls>`.

use std::error::Error;
use std::path::PathBuf;

use flowc_restate::Deployment;
use flowc_test_restate::{App, errand};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("an address, a name and a file");
    let (address, name, calls) = (next()?, next()?, PathBuf::from(next()?));
    let deployment = Deployment::builder().resources(App::new(name, calls)).workflow::<errand>();
    deployment.serve(address.parse()?).await?.wait().await;
    Ok(())
}

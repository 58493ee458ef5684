//! Runs whose steps are called elsewhere: what stands between a workflow and whatever carries it out.
//!
//! A [`Program`] is a workflow with all of its nodes, without their types. It can do two things, and each may happen in a process of its
//! own: [`run`](Program::run) goes through the workflow, and asks a [`Host`] for each step; [`call`](Program::call) calls one node. What
//! goes from one to the other is data: a [`Call`] and an [`Outcome`].
//!
//! A host decides where a call is made, keeps what it gave, and lets time pass. So it can make a run durable: when a run is gone through
//! again, the host gives again what it gave before, and the workflow comes to the same place. For this to hold, a host must
//!
//! - give the same outcome for the same call, and let the futures of a run end in the same order each time;
//! - keep a signal until somebody takes it, also where a future that waited for it was dropped.
//!
//! Everything that a workflow asks for is asked for while its future is polled, in an order that depends on nothing but its inputs and what
//! its host gave. A host needs no waker: it may poll the run whenever something has ended.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use flowc::remote::{Call, Host, Hosted, Outcome, Program, Start};
//! use flowc::{node, workflow};
//!
//! #[node]
//! async fn double(number: &u32) -> u32 {
//!     2 * number
//! }
//!
//! workflow! {
//!     fn quadruple(number: u32) -> u32 {
//!         let twice = double(&number);
//!         double(&twice)
//!     }
//! }
//!
//! /// Calls every node at once, in this process.
//! struct Here(Arc<Program<()>>);
//!
//! impl Host for Here {
//!     fn call(&self, call: Call) -> Hosted<Outcome> {
//!         // What is sent to another machine, and what comes back, can be written as JSON.
//!         self.0.call(Arc::new(()), call)
//!     }
//!
//!     fn sleep(&self, time: Duration) -> Hosted<()> {
//!         Box::pin(tokio::time::sleep(time))
//!     }
//!
//!     fn signal(&self, _: &str) -> Hosted<String> {
//!         Box::pin(std::future::pending())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let program = Arc::new(Program::<()>::of::<quadruple>());
//! let start = Start::of(quadruple(3))?;
//! let result = program.run(Arc::new(()), start, Arc::new(Here(Arc::clone(&program)))).await?;
//! assert_eq!(result, "12");
//! # Ok(())
//! # }
//! ```

mod call;
mod host;
mod program;
mod run;
mod steps;

pub use host::{Call, Host, Hosted, Outcome, Start};
pub use program::Program;
#[doc(hidden)]
pub use steps::Given;
pub use steps::{Arrives, Remote, RemoteNode, Steps, Travels};

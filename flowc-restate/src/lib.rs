//! Runs flowc's workflows on [Restate](https://restate.dev): durable, and on as many machines as there are.
//!
//! A [`Deployment`] is what a worker offers: workflows and their nodes. [`Admin`] registers it, and a [`Client`] starts runs and asks for them.
//! The workflows are those that run in process; nothing in their source changes.
//!
//! ```no_run
//! use flowc::{node, workflow};
//! use flowc_restate::{Admin, Client, Deployment};
//!
//! #[node]
//! async fn double(number: u32) -> u32 {
//!     2 * number
//! }
//!
//! workflow! {
//!     fn quadruple(number: u32) -> u32 {
//!         let twice = double(number);
//!         double(twice)
//!     }
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let deployment = Deployment::builder().resources(()).workflow::<quadruple>();
//! let serving = deployment.serve("127.0.0.1:9080".parse()?).await?;
//! Admin::new("http://127.0.0.1:9070").register("http://127.0.0.1:9080", &deployment).await?;
//!
//! let run = Client::new("http://127.0.0.1:8080").start(quadruple(3)).await?;
//! assert_eq!(run.await?, 12);
//! serving.wait().await;
//! # Ok(())
//! # }
//! ```
//!
//! The guide tells more in its chapter `restate.md`.

mod admin;
mod client;
mod deployment;
mod drive;
mod error;
mod http;
mod mail;
mod queue;
mod services;
mod wire;

pub use admin::Admin;
pub use client::{Client, RemoteRun, RemoteState, RemoteStatus, RemoteStep};
pub use deployment::{Builder, Deployment, Serving};
pub use error::{ClientError, DeployError, RunError};

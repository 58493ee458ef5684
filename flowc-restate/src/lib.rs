//! Runs flowc's workflows on [Restate](https://restate.dev): durable, and on as many machines as there are.
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

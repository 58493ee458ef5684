use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::{Call, DynNode, NodeInfo};

/// A registered node: what is known of it, and the way to call it. Cloning it is cheap.
pub struct Entry<App> {
    info: Arc<NodeInfo>,
    node: Arc<dyn DynNode<App>>,
}

impl<App> Entry<App> {
    pub(super) fn new(info: NodeInfo, node: impl DynNode<App> + 'static) -> Self {
        Self { info: Arc::new(info), node: Arc::new(node) }
    }

    /// All that is known of it.
    pub fn info(&self) -> &NodeInfo {
        &self.info
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.info.name
    }

    /// Its version.
    pub fn version(&self) -> &str {
        &self.info.version
    }

    /// What it does.
    pub fn docs(&self) -> &str {
        &self.info.docs
    }

    /// The JSON Schema of an object with its inputs by name.
    pub fn input_schema(&self) -> &Value {
        &self.info.input_schema
    }

    /// The JSON Schema of its output.
    pub fn output_schema(&self) -> &Value {
        &self.info.output_schema
    }

    /// Why it should not be used any more; `None` if it may.
    pub fn deprecated(&self) -> Option<&str> {
        self.info.deprecated.as_deref()
    }

    /// A call of it with an object of its inputs by name. Nothing happens before it is [run](Call::run).
    pub fn call(&self, inputs: Value) -> Call<'_, App> {
        Call::new(&*self.node, inputs)
    }
}

impl<App> Clone for Entry<App> {
    fn clone(&self) -> Self {
        Self { info: Arc::clone(&self.info), node: Arc::clone(&self.node) }
    }
}

impl<App> fmt::Debug for Entry<App> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.info.name, self.info.version)
    }
}

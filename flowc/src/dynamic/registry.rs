use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use semver::{Version, VersionReq};

use super::call::Typed;
use super::error::Wrong;
use super::{Candidate, DynNode, Entry, LookupError, NodeInfo, Provided, ProvidesAll, RegisterError, check};
use crate::schema::{Inputs, JsonInputs, JsonOutput};
use crate::step::{ResourcesFrom, Step};
use crate::text::short;

/// Nodes and workflows by their names and versions, for an application of the type `App`. See the [module](super).
///
/// A name may be registered in several versions. What callers of a version rely on must hold in the later ones that are compatible
/// [by their number](https://semver.org), or the node is not taken:
///
/// ```
/// use flowc::dynamic::Registry;
///
/// mod old {
///     #[flowc::node(version = "1.2.0")]
///     pub(super) fn cut(text: String, length: Option<usize>) -> String {
///         text.chars().take(length.unwrap_or(10)).collect()
///     }
/// }
///
/// #[flowc::node(version = "1.3.0")]
/// fn cut(text: String, length: usize) -> String {
///     text.chars().take(length).collect()
/// }
///
/// let error = Registry::<()>::new().with::<old::cut>()?.with::<cut>().unwrap_err();
/// let text = error.to_string();
/// assert!(text.starts_with("node `cut` 1.3.0 breaks the callers of 1.2.0\ninput `length`: required now\n"));
/// assert!(text.ends_with("\nhelp: keep what 1.2.0 had, or call it 2.0.0"));
/// # Ok::<(), flowc::dynamic::RegisterError>(())
/// ```
pub struct Registry<App> {
    nodes: BTreeMap<String, BTreeMap<Version, Entry<App>>>,
    /// What the application has, once somebody asked.
    provided: OnceLock<Arc<Provided>>,
}

impl<App> Registry<App> {
    /// One without nodes.
    pub const fn new() -> Self {
        Self { nodes: BTreeMap::new(), provided: OnceLock::new() }
    }

    /// Registers a node or a workflow. The same one twice is one.
    ///
    /// # Errors
    /// Another one has its name and version, or it breaks the callers of an earlier version.
    pub fn register<S>(&mut self) -> Result<&mut Self, RegisterError>
    where
        S: JsonInputs + JsonOutput + ResourcesFrom<App> + Inputs<Owned: Send + 'static, Held: Send>,
        for<'x> <S as Step>::Resources<'x>: Send,
        App: Sync,
    {
        self.add(NodeInfo::of::<S>(), Typed::<S>::new())
    }

    /// As [`register`](Self::register), for one expression.
    ///
    /// # Errors
    /// As there.
    pub fn with<S>(mut self) -> Result<Self, RegisterError>
    where
        S: JsonInputs + JsonOutput + ResourcesFrom<App> + Inputs<Owned: Send + 'static, Held: Send>,
        for<'x> <S as Step>::Resources<'x>: Send,
        App: Sync,
    {
        self.register::<S>()?;
        Ok(self)
    }

    /// Registers what is no step of Rust, the tool of a server say.
    ///
    /// # Errors
    /// Its name, its version or a schema is not well-formed; and as [`register`](Self::register).
    pub fn add(&mut self, info: NodeInfo, node: impl DynNode<App> + 'static) -> Result<&mut Self, RegisterError> {
        let version = check::alone(&info)?;
        if let Some(versions) = self.nodes.get(&info.name) {
            if let Some(there) = versions.get(&version) {
                return check::same(there.info(), &info).map(|()| self);
            }
            // What comes before a release promises nothing, so it is no neighbour.
            let mut earlier = versions.range(..&version).rev().filter(|(version, _)| version.pre.is_empty());
            let mut later = versions.range(&version..).filter(|(version, _)| version.pre.is_empty());
            if let Some((earlier, there)) = earlier.next() {
                check::follows((earlier, there.info()), (&version, &info), &info)?;
            }
            if let Some((later, there)) = later.next() {
                check::follows((&version, &info), (later, there.info()), &info)?;
            }
        }
        let versions = self.nodes.entry(info.name.clone()).or_default();
        versions.insert(version, Entry::new(info, node));
        Ok(self)
    }

    /// Registers a node that finds its resources by their types: what a crate of nodes offers without knowing the application.
    ///
    /// # Errors
    /// The application does not have a resource of it; and as [`register`](Self::register).
    pub fn offer(&mut self, candidate: &Candidate) -> Result<&mut Self, RegisterError>
    where
        App: ProvidesAll,
    {
        let provided = self.provided.get_or_init(|| Arc::new(Provided::of::<App>()));
        let missing = candidate.missing_in(provided);
        if !missing.is_empty() {
            let missing = missing.into_iter().map(str::to_owned).collect();
            return Err(check::refused(&candidate.info, Wrong::Resources { missing, app: short(type_name::<App>()) }));
        }
        let node = candidate.node(provided);
        self.add(candidate.info.clone(), node)
    }

    /// Registers every public node of the program, from whichever crate: those without type parameters whose inputs and output have
    /// JSON. A crate is part of the program if something of it is used, or by `use its_name as _;`.
    ///
    /// ```standalone_crate
    /// mod nodes {
    ///     /// In large letters.
    ///     #[flowc::node]
    ///     pub fn shout(text: &str) -> String {
    ///         text.to_uppercase()
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut registry = flowc::dynamic::Registry::<()>::new();
    /// registry.collect()?;
    /// let said = registry.get("shout")?.call(serde_json::json!({ "text": "hello" })).run(&()).await?;
    /// assert_eq!(said, "HELLO");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`offer`](Self::offer), for the first that cannot be registered. [`collect_where`](Self::collect_where) leaves out what the
    /// application has no resources for.
    #[cfg(feature = "collect")]
    pub fn collect(&mut self) -> Result<&mut Self, RegisterError>
    where
        App: ProvidesAll,
    {
        self.collect_where(|_| true)
    }

    /// The same for those nodes that are wanted: by their name, or as far as the application has their resources, by
    /// `|node| node.missing::<App>().is_empty()`.
    ///
    /// # Errors
    /// As [`collect`](Self::collect).
    #[cfg(feature = "collect")]
    pub fn collect_where(&mut self, is_wanted: impl Fn(&Candidate) -> bool) -> Result<&mut Self, RegisterError>
    where
        App: ProvidesAll,
    {
        for candidate in super::collect::Collected::all().iter().filter(|candidate| is_wanted(candidate)) {
            self.offer(candidate)?;
        }
        Ok(self)
    }

    /// The node of this name: the latest version, or behind an `@` the latest of those that are asked for as
    /// [in Cargo](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html), as in `search@^1.2` or `search@=1.2.0`.
    /// What comes before a release is given only if it is asked for, or if there is no release.
    ///
    /// One that should not be used any more is given with a warning to the log, by the feature `tracing`.
    ///
    /// # Errors
    /// There is none, with the name that was perhaps meant.
    pub fn get(&self, name: &str) -> Result<&Entry<App>, LookupError> {
        let (name, wanted) = match name.split_once('@') {
            Some((name, wanted)) => (name, Some(wanted)),
            None => (name, None),
        };
        let Some(versions) = self.nodes.get(name) else {
            return Err(LookupError::Unknown { name: name.to_owned(), similar: self.similar(name) });
        };
        let found = match wanted {
            None => {
                versions.iter().rfind(|(version, _)| version.pre.is_empty()).or_else(|| versions.iter().next_back())
            }
            Some(wanted) => {
                let asked = VersionReq::parse(wanted).map_err(|why| {
                    let (name, wanted, why) = (name.to_owned(), wanted.to_owned(), why.to_string());
                    LookupError::Requirement { name, wanted, why }
                })?;
                versions.iter().rfind(|(version, _)| asked.matches(version))
            }
        };
        let Some((_, found)) = found else {
            let versions = versions.keys().map(ToString::to_string).collect();
            let wanted = wanted.unwrap_or("*").to_owned();
            return Err(LookupError::NoVersion { name: name.to_owned(), wanted, versions });
        };
        #[cfg(feature = "tracing")]
        if let Some(why) = found.deprecated() {
            tracing::warn!(target: "flowc", node = name, version = found.version(), why, "a deprecated node is used");
        }
        Ok(found)
    }

    /// All nodes, by name and then by version.
    pub fn entries(&self) -> impl Iterator<Item = &Entry<App>> {
        self.nodes.values().flat_map(BTreeMap::values)
    }

    fn similar(&self, name: &str) -> Option<String> {
        let near = self.nodes.keys().map(|known| (strsim::damerau_levenshtein(name, known), known));
        let (distance, nearest) = near.min()?;
        (distance <= 1 + name.chars().count() / 4).then(|| nearest.clone())
    }
}

impl<App> Default for Registry<App> {
    fn default() -> Self {
        Self::new()
    }
}

impl<App> fmt::Debug for Registry<App> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries()).finish()
    }
}

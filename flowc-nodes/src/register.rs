//! The nodes of this crate by their names.

use flowc::dynamic::{Candidate, ProvidesAll, RegisterError, Registry};

/// Registers the nodes of this crate whose features are on, as far as the application has their resources: [`chat`](crate::chat()) needs a
/// `dyn ChatModel`, [`load_file`](crate::load_file()) a `FileAccess`, and so on. [`candidates`] has all of them.
///
/// The nodes with type parameters are not among them: a name cannot say for which type they are meant. A workflow around one has a name,
/// and can be registered.
///
/// ```
/// use flowc::Resources;
/// use flowc::dynamic::Registry;
/// use flowc_nodes::ChatModel;
///
/// #[derive(Resources)]
/// struct App {
///     model: Box<dyn ChatModel>,
/// }
///
/// let mut registry = Registry::<App>::new();
/// flowc_nodes::register(&mut registry)?;
/// assert_eq!(registry.get("chat@^1")?.info().resources, ["dyn ChatModel"]);
/// assert!(registry.get("embed").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Another node has the name and version of one.
pub fn register<App: ProvidesAll>(registry: &mut Registry<App>) -> Result<(), RegisterError> {
    for candidate in candidates().iter().filter(|candidate| candidate.missing::<App>().is_empty()) {
        registry.offer(candidate)?;
    }
    Ok(())
}

/// The nodes of this crate whose features are on, for a choice of one's own among them.
///
/// ```
/// let names: Vec<_> = flowc_nodes::candidates().iter().map(|node| node.info().name.clone()).collect();
/// assert!(names.starts_with(&["chat".to_owned(), "embed".to_owned()]));
/// ```
pub fn candidates() -> Vec<Candidate> {
    let mut all = vec![Candidate::of::<crate::chat>(), Candidate::of::<crate::embed>()];
    #[cfg(feature = "split")]
    all.extend([Candidate::of::<crate::split_text>(), Candidate::of::<crate::split_markdown>()]);
    #[cfg(feature = "code")]
    all.push(Candidate::of::<crate::split_code>());
    #[cfg(feature = "retrieval")]
    all.extend([
        Candidate::of::<crate::add_vectors>(),
        Candidate::of::<crate::deduplicate>(),
        Candidate::of::<crate::fuse>(),
        Candidate::of::<crate::rerank>(),
        Candidate::of::<crate::search_vectors>(),
        Candidate::of::<crate::search_words>(),
    ]);
    #[cfg(feature = "load")]
    all.extend([
        Candidate::of::<crate::http_request>(),
        Candidate::of::<crate::load_file>(),
        Candidate::of::<crate::load_folder>(),
        Candidate::of::<crate::load_page>(),
    ]);
    #[cfg(feature = "pdf")]
    all.push(Candidate::of::<crate::load_pdf>());
    all
}

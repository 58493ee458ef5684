//! Texts for models, with variables that are checked.

use crate::model::ChatRequest;

/// A text for a model with variables: derived for a struct, whose fields they are.
///
/// The template is checked when the program is compiled: a variable that is no field, a field that no template uses, or a brace that
/// is not closed is an error that shows the place. What a template may hold is listed at the [derive](macro@crate::Prompt).
///
/// ```
/// use flowc::workflow;
/// use flowc_nodes::{Prompt, chat};
///
/// #[derive(Prompt)]
/// #[prompt(
///     system = "You answer from documents alone.",
///     user = "
///         {#for doc in docs}
///         - {doc}
///         {:else}
///         There are no documents.
///         {/for}
///
///         Question: {question}
///     "
/// )]
/// struct FromDocs<'a> {
///     question: &'a str,
///     docs: &'a [String],
/// }
///
/// workflow! {
///     pub fn answer(question: String, docs: Vec<String>) -> String {
///         let reply = chat(&FromDocs { question: &question, docs: &docs }.request());
///         reply.text
///     }
/// }
///
/// let prompt = FromDocs { question: "How high is it?", docs: &["It is 2469 metres high.".to_owned()] };
/// assert_eq!(prompt.render(), "- It is 2469 metres high.\n\nQuestion: How high is it?");
/// assert_eq!(prompt.request().system.as_deref(), Some("You answer from documents alone."));
/// ```
pub trait Prompt {
    /// What the person says.
    fn render(&self) -> String;

    /// What holds for the whole conversation, if the prompt says anything about that.
    fn system(&self) -> Option<String> {
        None
    }

    /// The conversation that begins with this prompt: for [`chat`](crate::chat()), [`extract`](crate::extract()) and what else asks a
    /// model.
    fn request(&self) -> ChatRequest {
        let request = ChatRequest::new(self.render());
        match self.system() {
            Some(system) => request.system(system),
            None => request,
        }
    }
}

impl<P: Prompt> From<&P> for ChatRequest {
    fn from(prompt: &P) -> Self {
        prompt.request()
    }
}

//! Summaries of texts that are longer than a model can read at once.

use std::collections::VecDeque;

use flowc::{Context, node, workflow};

use crate::Prompt;
use crate::model::{ChatModel, Finish, ModelError, ModelErrorKind, reported};

/// Summaries that are together as long as this, in bytes, are read at once.
const TOGETHER: usize = 8 << 10;

workflow! {
    /// Summarises parts of a text: each for itself, four at a time, and then the summaries together, until one is left.
    ///
    /// Each round at least halves the number of texts, so that its eleven rounds are enough for 1024 parts whatever their length; if more
    /// are needed, the run fails with the bound. For parts that make sense alone. See [`refine_summary`](crate::refine_summary()) for those that build on each other.
    ///
    /// ```
    /// use flowc::workflow;
    /// use flowc_nodes::map_reduce_summary;
    ///
    /// workflow! {
    ///     pub fn digest(chapters: Vec<String>) -> String {
    ///         map_reduce_summary(chapters)
    ///     }
    /// }
    /// ```
    pub fn map_reduce_summary(texts: Vec<String>) -> String {
        let mut parts = texts;
        #[max(11)]
        let summary = loop {
            #[max(4)]
            let summaries = for part in &parts { summarise(part) };
            match gather(summaries) {
                Gathered::One(summary) => break summary,
                Gathered::Several(groups) => parts = groups,
            }
        };
        summary
    }

    /// Summarises parts of a text one after the other: the summary so far and the next part become the next summary.
    ///
    /// For parts that build on each other; a thousand of them at most, or the run fails with the bound. See
    /// [`map_reduce_summary`](crate::map_reduce_summary()) for those that make sense alone, which are read side by side.
    pub fn refine_summary(texts: Vec<String>) -> String {
        let mut draft = begin(texts);
        #[max(1000)]
        let summary = loop {
            match refine(draft) {
                Refined::Done(summary) => break summary,
                Refined::More(next) => draft = next,
            }
        };
        summary
    }
}

#[derive(Prompt)]
#[prompt(
    system = "Summarise the text of the person in its own language. Keep names, numbers and dates. Answer with the summary alone.",
    user = "{text}"
)]
struct Summarising<'a> {
    text: &'a str,
}

#[derive(Prompt)]
#[prompt(
    system = "
        You are given the summary of the beginning of a text, and what follows it. Answer with the summary of both alone, in the language
        of the text. Keep names, numbers and dates.
    ",
    user = "
        The summary so far:
        {summary}

        What follows:
        {text}
    "
)]
struct Refining<'a> {
    summary: &'a str,
    text: &'a str,
}

#[node]
async fn summarise(
    text: &str,
    #[resource] model: &dyn ChatModel,
    #[context] cx: &Context,
) -> Result<String, ModelError> {
    whole(&Summarising { text }, model, cx).await
}

/// A reply that was cut short is no summary.
async fn whole(prompt: &impl Prompt, model: &dyn ChatModel, cx: &Context) -> Result<String, ModelError> {
    let reply = reported(model, &prompt.request(), cx).await?;
    if reply.finish == Finish::Length {
        return Err(ModelError::new(model.name(), ModelErrorKind::Truncated));
    }
    Ok(reply.text)
}

enum Gathered {
    One(String),
    Several(Vec<String>),
}

/// Puts summaries together, two at least and as many as can be read at once.
#[node]
fn gather(summaries: Vec<String>) -> Gathered {
    if summaries.len() < 2 {
        return Gathered::One(summaries.into_iter().next().unwrap_or_default());
    }
    let mut groups: Vec<(usize, String)> = Vec::new();
    for summary in summaries {
        match groups.last_mut() {
            Some((count, group)) if *count < 2 || group.len() + summary.len() <= TOGETHER => {
                *count += 1;
                group.push_str("\n\n");
                group.push_str(&summary);
            }
            _ => groups.push((1, summary)),
        }
    }
    Gathered::Several(groups.into_iter().map(|(_, group)| group).collect())
}

struct Draft {
    summary: Option<String>,
    rest: VecDeque<String>,
}

#[node]
fn begin(texts: Vec<String>) -> Draft {
    Draft { summary: None, rest: texts.into() }
}

enum Refined {
    Done(String),
    More(Draft),
}

#[node]
async fn refine(
    draft: Draft,
    #[resource] model: &dyn ChatModel,
    #[context] cx: &Context,
) -> Result<Refined, ModelError> {
    let Draft { summary, mut rest } = draft;
    let Some(text) = rest.pop_front() else { return Ok(Refined::Done(summary.unwrap_or_default())) };
    let summary = match &summary {
        Some(summary) => whole(&Refining { summary, text: &text }, model, cx).await?,
        None => whole(&Summarising { text: &text }, model, cx).await?,
    };
    if rest.is_empty() { Ok(Refined::Done(summary)) } else { Ok(Refined::More(Draft { summary: Some(summary), rest })) }
}

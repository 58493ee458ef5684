//! Replies that are kept.

use std::fmt;
use std::sync::Arc;

use flowc::policy::{Cache, CachePolicy, CacheStats};

use crate::model::{ChatModel, ChatReply, ChatRequest, Finish, Heard, ModelError, Replying, Tokens};

/// Requests that are longer, as JSON, are not kept: a cache is bounded in entries, and so this bounds its memory.
const LONGEST: usize = 256 << 10;

/// A chat model whose replies are kept for a while: the same request is asked once.
///
/// Requests are the same if everything in them is, options included. Of several that ask the same at the same time, one asks the model and
/// the others wait. A reply from the cache comes in one piece and has no tokens and no cost, as nothing was used up. Errors, and replies
/// that were cut or held back, are not kept; nor are replies to requests of more than 256 KiB.
///
/// A model that is to answer differently each time must not stand behind a cache.
///
/// ```
/// use std::time::Duration;
///
/// use flowc::policy::CachePolicy;
/// use flowc_nodes::{Cached, ChatModel, ChatReply, ChatRequest, Heard, Replying};
///
/// struct Parrot;
///
/// impl ChatModel for Parrot {
///     fn name(&self) -> &str {
///         "parrot"
///     }
///
///     fn reply<'a>(&'a self, request: &'a ChatRequest, _: Heard<'a>) -> Replying<'a> {
///         Box::pin(async move { Ok(ChatReply::new(request.last_text())) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flowc_nodes::ModelError> {
/// let model = Cached::new(Parrot, &CachePolicy::new().ttl(Duration::from_secs(600)).max(1_000));
/// for _ in 0..2 {
///     assert_eq!(model.reply(&ChatRequest::new("hello"), &|_| {}).await?.text, "hello");
/// }
/// assert_eq!((model.stats().hits, model.stats().misses), (1, 1));
/// # Ok(())
/// # }
/// ```
pub struct Cached<M: ?Sized> {
    cache: Cache<String, ChatReply>,
    model: Arc<M>,
}

impl<M: ChatModel + ?Sized> fmt::Debug for Cached<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached")
            .field("model", &self.model.name())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl<M: ChatModel> Cached<M> {
    /// This model, with a cache of so many replies for so long.
    pub fn new(model: M, policy: &CachePolicy) -> Self {
        Self::shared(Arc::new(model), policy)
    }
}

impl<M: ChatModel + ?Sized> Cached<M> {
    /// The same for a model that others have too, or whose type is not known: `Arc<dyn ChatModel>`.
    pub fn shared(model: Arc<M>, policy: &CachePolicy) -> Self {
        Self { cache: Cache::new(policy), model }
    }

    /// How the cache fares.
    pub fn stats(&self) -> CacheStats {
        self.cache.stats()
    }

    async fn kept(&self, request: &ChatRequest, heard: Heard<'_>) -> Result<ChatReply, ModelError> {
        let key = serde_json::to_string(request).ok().filter(|key| key.len() <= LONGEST);
        let Some(key) = key else { return self.model.reply(request, heard).await };
        let mut asked = false;
        let found = self.cache.get_or_compute(key, || {
            asked = true;
            async {
                let reply = self.model.reply(request, heard).await.map_err(Unkept::Error)?;
                match reply.finish {
                    Finish::Stop | Finish::ToolCalls => Ok(reply),
                    _ => Err(Unkept::Reply(reply)),
                }
            }
        });
        let reply = match found.await {
            Ok(reply) | Err(Unkept::Reply(reply)) => reply,
            Err(Unkept::Error(error)) => return Err(error),
        };
        if asked {
            return Ok(reply);
        }
        heard(&reply.text);
        Ok(reply.tokens(Tokens::default()).cost(0.0))
    }
}

/// What is not kept.
enum Unkept {
    Error(ModelError),
    Reply(ChatReply),
}

impl<M: ChatModel + ?Sized> ChatModel for Cached<M> {
    fn name(&self) -> &str {
        self.model.name()
    }

    fn provider(&self) -> Option<&str> {
        self.model.provider()
    }

    fn takes_schema(&self) -> bool {
        self.model.takes_schema()
    }

    fn reply<'a>(&'a self, request: &'a ChatRequest, heard: Heard<'a>) -> Replying<'a> {
        Box::pin(self.kept(request, heard))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::model::{ChatOptions, ModelErrorKind};

    /// Counts how often it is asked, and says it.
    #[derive(Default)]
    struct Counting(AtomicU64);

    impl ChatModel for Counting {
        fn name(&self) -> &'static str {
            "counting"
        }

        fn reply<'a>(&'a self, request: &'a ChatRequest, heard: Heard<'a>) -> Replying<'a> {
            Box::pin(async move {
                let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
                let reply = ChatReply::new(count.to_string()).tokens(Tokens::new(7, 1)).cost(0.5);
                match request.last_text().as_str() {
                    "fail" => Err(ModelError::new("counting", ModelErrorKind::Cut)),
                    "long" => Ok(reply.finish(Finish::Length)),
                    _ => {
                        heard(&reply.text);
                        Ok(reply)
                    }
                }
            })
        }
    }

    async fn says(model: &dyn ChatModel, request: ChatRequest) -> Result<ChatReply, ModelError> {
        model.reply(&request, &|_| {}).await
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_is_asked_once_and_costs_once() {
        let model = Cached::new(Counting::default(), &CachePolicy::new().ttl(Duration::from_secs(60)));
        let first = says(&model, ChatRequest::new("a")).await.unwrap();
        let heard = Mutex::new(Vec::new());
        let again = model.reply(&ChatRequest::new("a"), &|text| heard.lock().unwrap().push(text.to_owned())).await;
        let again = again.unwrap();
        assert_eq!((first.text.as_str(), first.tokens.input), ("1", 7));
        assert_eq!((again.text.as_str(), again.tokens, again.cost), ("1", Tokens::default(), 0.0));
        assert_eq!(heard.into_inner().unwrap(), ["1"]);
        let colder = ChatRequest::new("a").options(ChatOptions::default().temperature(0.1));
        assert_eq!(says(&model, colder).await.unwrap().text, "2");
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(says(&model, ChatRequest::new("a")).await.unwrap().text, "3");
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_the_same_at_the_same_time_waits_for_one_reply() {
        let model = Cached::<dyn ChatModel>::shared(Arc::new(Counting::default()), &CachePolicy::new());
        let (one, two) = tokio::join!(says(&model, ChatRequest::new("a")), says(&model, ChatRequest::new("a")));
        assert_eq!((one.unwrap().text, two.unwrap().text), ("1".to_owned(), "1".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_goes_first_and_what_is_not_whole_is_not_kept() {
        let model = Cached::new(Counting::default(), &CachePolicy::new().max(1));
        for (text, count) in [("a", "1"), ("b", "2"), ("a", "3"), ("a", "3"), ("long", "4"), ("long", "5")] {
            assert_eq!(says(&model, ChatRequest::new(text)).await.unwrap().text, count, "{text}");
        }
        assert!(
            says(&model, ChatRequest::new("fail")).await.is_err()
                && says(&model, ChatRequest::new("fail")).await.is_err()
        );
        let long = "x".repeat(LONGEST);
        let (one, two) = (says(&model, ChatRequest::new(&*long)).await, says(&model, ChatRequest::new(&*long)).await);
        assert_eq!((one.unwrap().text, two.unwrap().text), ("8".to_owned(), "9".to_owned()));
    }
}

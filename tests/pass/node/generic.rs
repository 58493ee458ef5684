//! Nodes with parameters of their own, and the workflow's view of them.
#![deny(warnings)]

use std::fmt::Display;

use flowc::{Resources, node};

pub trait ChatModel: Send + Sync {
    type Reply: Send;
    fn reply(&self, prompt: &str) -> impl Future<Output = Self::Reply> + Send;
}

#[node]
pub async fn ask<M: ChatModel>(prompt: &str, #[resource] model: &M) -> M::Reply
where
    M::Reply: 'static,
{
    model.reply(prompt).await
}

#[node]
pub fn show<T>(value: &T) -> String
where
    T: Display + ?Sized,
{
    value.to_string()
}

#[node(retry(attempts = 2))]
pub fn repeat<const N: usize, T: Clone>(value: T) -> [T; N] {
    std::array::from_fn(|_| value.clone())
}

#[node(blocking)]
pub fn largest<T: Ord>(values: Vec<T>) -> Option<T> {
    values.into_iter().max()
}

#[node]
pub fn longest<'a, T: 'a + AsRef<str>>(one: &'a T, two: &'a T) -> usize
where
    &'a T: Clone,
{
    one.clone().as_ref().len().max(two.as_ref().len())
}

struct Echo;
impl ChatModel for Echo {
    type Reply = String;
    async fn reply(&self, prompt: &str) -> String {
        prompt.to_owned()
    }
}

#[derive(Resources)]
struct App<M> {
    model: Model<M>,
}
struct Model<M>(M);
impl flowc::Provides<Echo> for App<Echo> {
    fn provide(&self) -> &Echo {
        &self.model.0
    }
}

fn has<S: flowc::__private::ResourcesFrom<App<Echo>>>() {}

fn main() {
    (has::<ask<Echo>>(), has::<show<str>>(), has::<repeat<3, u8>>(), has::<largest<u8>>(), has::<longest<String>>());
    let _ = (
        App { model: Model(Echo) },
        <ask<Echo>>::__flowc_input("x"),
        <show<str>>::__flowc_input("x"),
        <repeat<3, u8>>::__flowc_input(1),
    );
    assert_eq!(repeat::<2, _>(1), [1, 1]);
}

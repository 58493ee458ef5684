//! Fields of every kind, each found by its type.
#![deny(warnings)]

use std::sync::Arc;

use flowc::{Provides, Resources};

trait Model: Send + Sync {
    fn name(&self) -> &'static str;
}
struct Echo;
impl Model for Echo {
    fn name(&self) -> &'static str {
        "echo"
    }
}

#[derive(Resources)]
struct App<'a, T: Send> {
    number: u8,
    shared: Arc<String>,
    model: Box<dyn Model>,
    text: &'a str,
    list: Vec<T>,
    own: u16,
    own_shared: Arc<u16>,
}

#[derive(Resources)]
struct Tuple(u8, Arc<dyn Model>);

#[derive(Resources)]
struct Empty;

fn get<T: ?Sized>(app: &impl Provides<T>) -> &T {
    app.provide()
}

fn main() {
    let (shared, model) = (Arc::new("x".to_owned()), Box::new(Echo));
    let app = App { number: 1, shared, model, text: "y", list: vec![2_i8], own: 3, own_shared: Arc::new(4) };
    assert_eq!((*get::<u8>(&app), get::<String>(&app), *get::<&str>(&app)), (1, &"x".to_owned(), "y"));
    assert_eq!((get::<dyn Model>(&app).name(), get::<Vec<i8>>(&app)), ("echo", &vec![2]));
    assert_eq!((*get::<u16>(&app), **get::<Arc<u16>>(&app)), (3, 4));
    let app = Tuple(5, Arc::new(Echo));
    assert_eq!((*get::<u8>(&app), get::<dyn Model>(&app).name()), (5, "echo"));
    let Empty = Empty;
}

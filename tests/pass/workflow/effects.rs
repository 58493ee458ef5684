//! Steps that nothing uses, statements without a semicolon, and orders that no value carries.
#![deny(warnings)]

use std::sync::Mutex;

use flowc::{Resources, node, workflow};

#[derive(Default)]
pub struct Log(Mutex<Vec<&'static str>>);

#[node]
async fn note(what: &'static str, #[resource] log: &Log) {
    tokio::task::yield_now().await;
    log.0.lock().unwrap().push(what);
}
#[node]
fn is_big(n: &u32) -> bool {
    *n > 2
}

#[derive(Resources, Default)]
struct App {
    log: Log,
}

workflow! {
    fn effects(n: u32) -> u32 {
        note("statement");
        let _ = note("thrown away");
        let _kept = note("kept");
        if n > 1 { note("big"); }
        if is_big(&n) {
            note("very big")
        } else {
            note("not very big");
        }
        match n {
            0 => note("none"),
            _ => {}
        }
        #[max(1)]
        for _ in 0..n { note("item") }
        n
    }

    fn ordered(n: u32) -> u32 {
        let first = note("first");
        #[after(first)]
        let second = note("second");
        #[after(first, second)]
        note("third");
        n
    }

    fn nothing() {}

    fn only_an_effect() { note("alone"); }

    fn unit_result() { note("result") }

    fn no_parameters() -> u32 { 7 }
}

fn main() {
    let app = App::default();
    assert_eq!(effects(3).run_blocking(&app).unwrap(), 3);
    assert_eq!(app.log.0.lock().unwrap().len(), 8);
    let app = App::default();
    assert_eq!(ordered(3).run_blocking(&app).unwrap(), 3);
    assert_eq!(*app.log.0.lock().unwrap(), ["first", "second", "third"]);
    nothing().run_blocking(&()).unwrap();
    only_an_effect().run_blocking(&app).unwrap();
    unit_result().run_blocking(&app).unwrap();
    assert_eq!(app.log.0.lock().unwrap().len(), 5);
    assert_eq!(no_parameters().run_blocking(&()).unwrap(), 7);
}

//! A dropped run future cancels everything. The future is `Send` and can be spawned.

use std::time::Duration;

use flowc::workflow;

use crate::log::*;

workflow! {
    pub fn wide() -> Value {
        let a = make("a", 100);
        let b = make("b", 100);
        #[max(3)]
        let many = for _ in 0_u64..3 { make("item", 100) };
        let c = read_two("c", 100, &a, &b);
        read("end", many.len() as u64, &c)
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_run_cancels_its_steps() {
    let app = app();
    let ended = tokio::time::timeout(Duration::from_millis(50), wide().run(&app)).await;
    assert!(ended.is_err());
    assert_eq!([app.log.at("dropped a"), app.log.at("dropped b")], [Some(50), Some(50)]);
    assert_eq!(app.log.count("dropped item"), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_can_be_spawned() {
    let app: &'static App = Box::leak(Box::new(app()));
    let run = wide().run(app);
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let reply = tokio::spawn(is_send(run)).await.unwrap().unwrap();
    assert_eq!(reply.0, "end(c(a,b))");
}

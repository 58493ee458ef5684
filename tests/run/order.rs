//! Order is data: no barriers; who takes a value waits for those who borrow it.

use flowc::workflow;

use crate::log::*;

workflow! {
    pub fn letter_n() -> Value {
        let a = make("a", 10);
        let b = make("b", 50);
        let c = read("c", 10, &a);
        let d = read_two("d", 10, &a, &b);
        read_two("e", 10, &c, &d)
    }
    pub fn unlike() -> Value {
        let a = make("a", 10);
        let b = make("b", 30);
        let left = read("left", 30, &a);
        let both = read_two("both", 5, &a, &b);
        let right = read("right", 5, &b);
        let end = read_two("end", 1, &left, &both);
        read_two("all", 1, &end, &right)
    }
}

#[tokio::test(start_paused = true)]
async fn an_n_has_no_barrier() {
    let app = app();
    let reply = letter_n().run(&app).await.unwrap();
    assert_eq!(reply.0, "e(c(a),d(a,b))");
    assert_eq!((app.log.at("began c"), app.log.at("began d"), app.log.at("began e")), (Some(10), Some(50), Some(60)));
    assert_eq!(app.log.now(), 70);
}

#[tokio::test(start_paused = true)]
async fn each_step_begins_when_its_values_are_there() {
    let app = app();
    unlike().run(&app).await.unwrap();
    let at = |what| app.log.at(what).unwrap();
    assert_eq!([at("began left"), at("began both"), at("began right"), at("began end")], [10, 30, 30, 40]);
    assert_eq!(app.log.now(), 42);
}

workflow! {
    // The borrower is slow, and the taker has all that it needs.
    pub fn own_value() -> Value {
        let x = make("x", 1);
        let slow = read("slow", 50, &x);
        let taken = take("taken", 1, x);
        read_two("end", 1, &slow, &taken)
    }
    pub fn param(x: Value) -> Value {
        let slow = read("slow", 50, &x);
        let taken = take("taken", 1, x);
        read_two("end", 1, &slow, &taken)
    }
    // Strands that hand values to each other: the reader, the taker and the maker are each in another one.
    pub fn crossing() -> Value {
        let x = make("x", 1);
        let y = make("y", 2);
        let slow = read_two("slow", 50, &x, &y);
        let own = read("own", 3, &x);
        let taken = take_and("taken", 1, x, &y);
        let more = read("more", 1, &y);
        let end = read_two("end", 1, &slow, &taken);
        let last = read_two("last", 1, &own, &more);
        read_two("all", 1, &end, &last)
    }
    pub fn crossing_param(x: Value) -> Value {
        let a = make("a", 5);
        let b = make("b", 7);
        let slow = read_two("slow", 50, &x, &a);
        let mixed = read_two("mixed", 1, &a, &b);
        let taken = take_and("taken", 1, x, &b);
        let end = read_two("end", 1, &slow, &taken);
        read_two("all", 1, &end, &mixed)
    }
    pub fn in_arm(x: Value, choice: bool) -> Value {
        let slow = read("slow", 50, &x);
        let taken = if choice { take("taken", 1, x) } else { make("other", 1) };
        read_two("end", 1, &slow, &taken)
    }
    pub fn in_nested_arms(choice: bool) -> Value {
        let x = make("x", 1);
        let slow = read("slow", 50, &x);
        let taken = if choice {
            let first = make("first", 2);
            if choice { take_and("taken", 1, x, &first) } else { first }
        } else {
            make("other", 1)
        };
        read_two("end", 1, &slow, &taken)
    }
    pub fn before_map() -> Value {
        let x = make("x", 1);
        #[max(2)]
        let seen = for number in 0_u64..4 {
            let _one = read("slow", 25, &x);
            count("counted", number, 1)
        };
        let taken = take("taken", 1, x);
        let _ = make("effect", 1);
        read("end", seen.len() as u64, &taken)
    }
    pub fn before_loop() -> Value {
        let x = make("x", 1);
        let mut rounds = 0_u64;
        #[max(3)]
        let slow = loop {
            let seen = read("slow", 25, &x);
            rounds = count("counted", 0, rounds);
            if rounds == 2 { break seen; }
        };
        let taken = take("taken", 1, x);
        read_two("end", 1, &slow, &taken)
    }
}

/// `taken` begins only when `slow` is over.
async fn waits(run: impl Future<Output = Result<Value, flowc::Failure>>, app: &App) {
    run.await.unwrap();
    let begun = app.log.at("began taken").expect("it runs");
    let ended = app.log.at("ended slow").expect("it runs");
    assert!(begun >= ended && begun >= 50, "taken at {begun}, read until {ended}");
}

#[tokio::test(start_paused = true)]
async fn a_mover_waits_for_borrowers_wherever_the_value_is() {
    let x = || Value("x".into());
    for form in 0..8 {
        let app = app();
        match form {
            0 => waits(own_value().run(&app), &app).await,
            1 => waits(param(x()).run(&app), &app).await,
            2 => waits(crossing().run(&app), &app).await,
            3 => waits(crossing_param(x()).run(&app), &app).await,
            4 => waits(in_arm(x(), true).run(&app), &app).await,
            5 => waits(in_nested_arms(true).run(&app), &app).await,
            6 => waits(before_map().run(&app), &app).await,
            _ => waits(before_loop().run(&app), &app).await,
        }
    }
}

workflow! {
    pub fn copies(number: u64) -> u64 {
        let a = count("a", 30, number);
        let b = count("b", 30, number);
        a + b
    }
    pub fn clones(name: std::sync::Arc<str>) -> usize {
        let a = length(name.clone());
        let b = length(name);
        a + b
    }
    pub fn after() -> Value {
        let a = make("a", 30);
        #[after(a)]
        let b = make("b", 1);
        read_two("end", 1, &a, &b)
    }
}

#[flowc::node]
pub async fn length(name: std::sync::Arc<str>) -> usize {
    tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    name.len()
}

#[tokio::test(start_paused = true)]
async fn copies_overlap() {
    let app = app();
    assert_eq!(copies(1).run(&app).await.unwrap(), 4);
    assert_eq!(app.log.now(), 30);
}

#[tokio::test(start_paused = true)]
async fn after_is_an_order_without_a_value() {
    let app = app();
    after().run(&app).await.unwrap();
    assert_eq!(app.log.at("began b"), Some(30));
}

#[tokio::test]
async fn a_clone_and_the_value_itself() {
    assert_eq!(clones("four".into()).run(&()).await.unwrap(), 8);
}

workflow! {
    // What only looks at a value waits for nobody who borrows it.
    pub fn looked_at() -> Value {
        let x = make("x", 1);
        let parts = vec![Value("p".to_owned())];
        let slow = read("slow", 50, &x);
        let other = read("other", 50, &parts[0]);
        let length = take("length", 10, Value(x.0.len().to_string()));
        let same = take("same", 10, Value(x.0.clone()));
        let first = take("first", 10, Value(parts[0].0.to_uppercase()));
        let one = read_two("one", 1, &slow, &length);
        let two = read_two("two", 1, &other, &same);
        let three = read_two("three", 1, &one, &two);
        read_two("all", 1, &three, &first)
    }
}

#[tokio::test(start_paused = true)]
async fn what_only_looks_overlaps() {
    let app = app();
    looked_at().run(&app).await.unwrap();
    let at = |what| app.log.at(what).unwrap();
    assert_eq!([at("began length"), at("began same"), at("began first")], [1, 1, 0]);
}

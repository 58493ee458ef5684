//! Values that no two strands can share: parts of them are taken, or what may point into them goes from strand to strand.
//! They are accepted as sequential Rust accepts them, and what only reads them overlaps.

use flowc::{node, workflow};

use crate::log::*;

/// Methods whose names say the opposite of what they do.
impl Value {
    fn into_view(&self) -> &Self {
        self
    }
    fn look(self) -> Self {
        self
    }
    fn joined(&self, other: &Self) -> Self {
        Self(format!("{}+{}", self.0, other.0))
    }
}

#[derive(Debug)]
pub struct Pair {
    one: Value,
    two: Value,
    size: usize,
}

#[node]
pub async fn pair(name: &'static str, millis: u64, #[resource] log: &Log) -> Pair {
    let Value(text) = make(name, millis, log).await;
    Pair { one: Value(format!("{text}.one")), two: Value(format!("{text}.two")), size: text.len() }
}

#[node]
pub async fn size_of(name: &'static str, millis: u64, pair: &Pair, #[resource] log: &Log) -> Value {
    let Value(text) = make(name, millis, log).await;
    Value(format!("{text}={}", pair.size))
}

#[node]
pub async fn sized(name: &'static str, millis: u64, size: usize, #[resource] log: &Log) -> Value {
    let Value(text) = make(name, millis, log).await;
    Value(format!("{text}={size}"))
}

#[node]
pub async fn take_two(name: &'static str, millis: u64, value: Value, size: usize, #[resource] log: &Log) -> Value {
    let Value(text) = take(name, millis, value, log).await;
    Value(format!("{text}={size}"))
}

workflow! {
    // `look` takes `a`, and what it gives is read in three strands, of which one waits for `b` as well.
    pub fn taken_by_method() -> Value {
        let a = make("a", 10);
        let b = make("b", 50);
        let text = a.look();
        let c = read("c", 30, &text);
        let d = read_two("d", 30, &text, &b);
        let e = read_two("e", 1, &b, &c);
        read_two("f", 1, &d, &e)
    }
    // `into_view` borrows from `a`, which is taken in the end.
    pub fn lent_by_method() -> Value {
        let a = make("a", 10);
        let b = make("b", 50);
        let view = a.into_view();
        let c = read("c", 30, view);
        let d = read_two("d", 30, view, &b);
        let e = read_two("e", 1, &b, &c);
        let f = take("f", 1, a);
        let g = read_two("g", 1, &d, &e);
        read_two("h", 1, &f, &g)
    }
    // An arm alone needs `one`, and stands in another strand than the row in which `parts` is taken apart.
    pub fn for_an_arm() -> Value {
        let parts = pair("p", 10);
        let one = take("one", 50, parts.one);
        let two = read("two", 10, &parts.two);
        if two.0.is_empty() { Value("none".to_owned()) } else { read_two("both", 1, &one, &two) }
    }
    // `size` can be copied, so it is no part that is gone before an arm takes another.
    pub fn copied_before_an_arm(whole: bool) -> Value {
        let parts = pair("p", 10);
        let a = sized("a", 10, parts.size);
        let b = sized("b", 10, parts.size);
        if whole { parts.one } else { read_two("both", 1, &a, &b) }
    }
    // `parts` is made twice, so that what is computed in place must not change places with the steps.
    pub fn shadowed(parts: Pair) -> Value {
        let a = read("a", 10, &parts.one);
        let parts = pair("p", 10);
        let text = take_two("text", 10, a, parts.size);
        let size = parts.size + parts.size;
        let seen = text.into_view();
        let kept = read_two("kept", 10, seen, &parts.two);
        if size > 100 { parts.one } else { read_two("end", 1, seen, &kept) }
    }
    // The same, where what is computed in place may point into both.
    pub fn computed_in_place(parts: Pair) -> Value {
        let a = read("a", 10, &parts.one);
        let parts = pair("p", 10);
        let text = take_two("text", 10, a, parts.size);
        let size = parts.size + parts.size;
        let seen = text.joined(&parts.one);
        let kept = { read("kept", 10, &seen) };
        if size > 100 { parts.one } else { read_two("end", 1, &kept, &seen) }
    }
    // What is left of a value is used where the part that was taken is not.
    pub fn in_parts() -> Value {
        let p = pair("p", 10);
        let b = make("b", 50);
        let size = size_of("size", 20, &p);
        let one = take("one", 30, p.one);
        let two = take_and("two", 30, p.two, &b);
        let e = read_two("e", 1, &b, &one);
        let f = read_two("f", 1, &size, &two);
        read_two("g", 1, &e, &f)
    }
    // Of a value from around the arm a part is left behind it.
    pub fn left_behind(choice: bool) -> Value {
        let p = pair("p", 10);
        let x = if choice {
            let size = size_of("size", 20, &p);
            let one = take("one", 1, p.one);
            read_two("both", 1, &size, &one)
        } else {
            make("other", 1)
        };
        take_and("two", 1, p.two, &x)
    }
    // The items look at one part, and another is taken beside them.
    pub fn beside_a_map() -> Vec<Value> {
        let p = pair("p", 10);
        let names = vec!["i", "j"];
        let b = make("b", 5);
        #[max(2)]
        let read = for name in names { read_two(name, 20, &p.one, &b) };
        let two = take_and("two", 1, p.two, &b);
        with("with", 1, read, two)
    }
    // A reference that the rounds of a loop make again.
    pub fn remade(x: Value, y: Value) -> Value {
        let mut best = &x;
        let mut rounds = 0;
        #[max(5)]
        let last = loop {
            rounds += 1;
            let seen = read("seen", 1, best);
            best = &y;
            if rounds == 2 { break seen; }
        };
        read_two("end", 1, &last, best)
    }
}

#[node]
pub async fn with(
    name: &'static str,
    millis: u64,
    values: Vec<Value>,
    value: Value,
    #[resource] log: &Log,
) -> Vec<Value> {
    make(name, millis, log).await;
    values.into_iter().chain([value]).collect()
}

#[tokio::test(start_paused = true)]
async fn what_a_method_took_is_read_side_by_side() {
    let app = app();
    assert_eq!(taken_by_method().run(&app).await.unwrap().0, "f(d(a,b),e(b,c(a)))");
    assert_eq!([app.log.at("began c"), app.log.at("began d"), app.log.at("began e")], [Some(10), Some(50), Some(50)]);
    assert_eq!(app.log.now(), 81);
}

#[tokio::test(start_paused = true)]
async fn what_a_method_lent_is_read_side_by_side_and_then_taken() {
    let app = app();
    assert_eq!(lent_by_method().run(&app).await.unwrap().0, "h(f<a>,g(d(a,b),e(b,c(a))))");
    let at = |what| app.log.at(what).unwrap();
    assert_eq!([at("began c"), at("began d"), at("began e"), at("began f")], [10, 50, 50, 80]);
}

#[tokio::test(start_paused = true)]
async fn parts_are_taken_side_by_side_after_who_reads_the_whole() {
    let app = app();
    assert_eq!(in_parts().run(&app).await.unwrap().0, "g(e(b,one<p.one>),f(size=1,two<p.two,b>))");
    let at = |what| app.log.at(what).unwrap();
    assert_eq!([at("began size"), at("began one"), at("began two")], [10, 30, 50]);
}

#[tokio::test(start_paused = true)]
async fn a_part_is_left_behind_an_arm() {
    let app = app();
    assert_eq!(left_behind(true).run(&app).await.unwrap().0, "two<p.two,both(size=1,one<p.one>)>");
    assert_eq!(left_behind(false).run(&app).await.unwrap().0, "two<p.two,other>");
}

#[tokio::test(start_paused = true)]
async fn a_part_is_taken_beside_a_map_that_reads_another() {
    let app = app();
    let values = beside_a_map().run(&app).await.unwrap();
    assert_eq!(
        values.iter().map(|value| value.0.as_str()).collect::<Vec<_>>(),
        ["i(p.one,b)", "j(p.one,b)", "two<p.two,b>"]
    );
    assert_eq!(app.log.at("began two"), Some(10));
}

#[tokio::test(start_paused = true)]
async fn a_reference_is_made_again_in_a_round() {
    let app = app();
    let run = remade(Value("x".into()), Value("y".into())).run(&app).await.unwrap();
    assert_eq!(run.0, "end(seen(y),y)");
}

#[tokio::test(start_paused = true)]
async fn what_an_arm_waits_for_is_not_cancelled_by_the_row_that_makes_it() {
    let app = app();
    let run = tokio::time::timeout(std::time::Duration::from_secs(60), for_an_arm().run(&app)).await;
    assert_eq!(run.expect("it ends").unwrap().0, "both(one<p.one>,two(p.two))");
}

#[tokio::test(start_paused = true)]
async fn a_part_is_taken_in_an_arm_after_another_was_copied() {
    let app = app();
    assert_eq!(copied_before_an_arm(true).run(&app).await.unwrap().0, "p.one");
    assert_eq!(copied_before_an_arm(false).run(&app).await.unwrap().0, "both(a=1,b=1)");
}

#[tokio::test(start_paused = true)]
async fn what_has_a_home_is_read_in_place_under_names_made_twice() {
    let app = app();
    let parts = || Pair { one: Value("x".into()), two: Value("y".into()), size: 0 };
    assert_eq!(shadowed(parts()).run(&app).await.unwrap().0, "end(text<a(x)>=1,kept(text<a(x)>=1,p.two))");
    let joined = "text<a(x)>=1+p.one";
    assert_eq!(computed_in_place(parts()).run(&app).await.unwrap().0, format!("end(kept({joined}),{joined})"));
}

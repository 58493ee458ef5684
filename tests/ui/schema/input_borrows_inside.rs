use flowc::node;

#[node]
fn greet(name: Option<&str>) -> String {
    name.unwrap_or("you").to_owned()
}

fn call<S: flowc::schema::JsonInputs>() {}

fn main() {
    call::<greet>();
}

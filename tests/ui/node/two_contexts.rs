use flowc::node;

struct Context;

#[node]
async fn search(#[context] one: &Context, #[context] two: &Context) -> bool {
    std::ptr::eq(one, two)
}

fn main() {}

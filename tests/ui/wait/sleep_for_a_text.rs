use flowc::sleep;

flowc::workflow! {
    fn later(text: String) -> String {
        let slept = sleep("3d");
        #[after(slept)]
        let same = flowc_same(text);
        same
    }
}

#[flowc::node]
fn flowc_same(text: String) -> String {
    text
}

fn main() {
    let _ = later(String::new());
}

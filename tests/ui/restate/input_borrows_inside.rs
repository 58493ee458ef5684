flowc::workflow! {
    fn length(text: Option<String>) -> usize {
        count(text.as_deref())
    }
}

#[flowc::node]
fn count(text: Option<&str>) -> usize {
    text.map_or(0, str::len)
}

fn main() {
    let _ = flowc_restate::Deployment::builder().resources(()).workflow::<length>();
}

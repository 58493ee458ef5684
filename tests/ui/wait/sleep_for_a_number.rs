use flowc::sleep;

flowc::workflow! {
    fn later() {
        sleep(3 * 24 * 60 * 60);
    }
}

fn main() {
    let _ = later();
}

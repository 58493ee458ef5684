use flowc::signal;

flowc::workflow! {
    fn approved() -> bool {
        let approval: bool = signal("approve");
        approval
    }
}

fn main() {
    let _ = approved();
}

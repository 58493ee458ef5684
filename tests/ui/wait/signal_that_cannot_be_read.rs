use flowc::signal;

struct Approval {
    by: String,
}

flowc::workflow! {
    fn approved() -> String {
        let approval = signal::<Approval>("approve");
        approval.by
    }
}

fn main() {
    let _ = approved();
}

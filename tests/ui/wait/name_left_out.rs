use flowc::signal_within;
use std::time::Duration;

flowc::workflow! {
    fn approved() -> bool {
        let approval = signal_within::<bool>(Duration::from_secs(60));
        approval.unwrap_or(false)
    }
}

fn main() {
    let _ = approved();
}

use flowc::workflow;
use flowc_nodes::classify;

#[derive(serde::Deserialize)]
enum Intent {
    Billing,
    Other,
}

workflow! {
    fn desk(letter: String) -> bool {
        let intent = classify::<Intent>(&letter);
        matches!(intent, Intent::Billing)
    }
}

fn main() {}

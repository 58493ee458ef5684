flowc::workflow! {
    struct Answer {
        text: String,
    }
}

fn main() {}

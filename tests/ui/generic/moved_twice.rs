flowc::workflow! {
    fn answer<T: Send + Sync>(value: T) -> (T, T) {
        let first = keep::<T>(value);
        let second = keep::<T>(value);
        (first, second)
    }
}

#[flowc::node]
async fn keep<T: Send + Sync>(value: T) -> T {
    value
}

fn main() {}

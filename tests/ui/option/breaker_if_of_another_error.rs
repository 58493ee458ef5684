#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn is_outage(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::ConnectionRefused
}

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[breaker(failures = 5, if = is_outage)]
        let docs = search(&query);
        docs
    }
}

fn main() {}

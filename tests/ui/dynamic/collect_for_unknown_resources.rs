use flowc::Provides;
use flowc::dynamic::Registry;

struct Index;

struct App(Index);

impl Provides<Index> for App {
    fn provide(&self) -> &Index {
        &self.0
    }
}

fn main() {
    let _ = Registry::<App>::new().collect();
}

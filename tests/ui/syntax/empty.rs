flowc::workflow! {}

fn main() {}

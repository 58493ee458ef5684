flowc::workflow! {
    fn answer((text, _): (String, usize)) -> usize { text.len() }
}

fn main() {}

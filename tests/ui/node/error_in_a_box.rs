use std::error::Error;

#[flowc::node]
async fn search(query: &str) -> Result<String, Box<dyn Error>> {
    Ok(query.parse::<u32>()?.to_string())
}

flowc::workflow! {
    fn answer(query: String) -> String {
        match catch(search(&query)) {
            Ok(text) => text,
            Err(failure) => failure.to_string(),
        }
    }
}

fn main() {}

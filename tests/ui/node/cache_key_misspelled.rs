use flowc::node;

struct Query(String);

impl Query {
    fn cache_key(&self) -> String {
        self.0.clone()
    }
}

#[node(cache(key = Query::cache_kye))]
async fn search(query: &Query) -> Result<String, String> {
    Ok(query.0.clone())
}

fn main() {}

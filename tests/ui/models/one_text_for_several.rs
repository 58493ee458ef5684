use flowc::workflow;
use flowc_nodes::embed;

workflow! {
    fn vectors(text: String) -> Vec<Vec<f32>> {
        embed(&text)
    }
}

fn main() {}

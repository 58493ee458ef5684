use flowc::workflow;
use flowc_nodes::chat;

workflow! {
    fn ask(question: String) -> String {
        let reply = chat(&question);
        reply.text
    }
}

fn main() {}

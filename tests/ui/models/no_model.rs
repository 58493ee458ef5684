use flowc::{Resources, workflow};
use flowc_nodes::{ChatRequest, Model, ModelConfig, Provider, chat};

workflow! {
    fn ask(question: ChatRequest) -> String {
        let reply = chat(&question);
        reply.text
    }
}

#[derive(Resources)]
struct App {
    model: Model,
}

fn main() {
    let model = Model::new(ModelConfig::new(Provider::Ollama, "llama3.2")).unwrap();
    let _ = ask(ChatRequest::new("Why?")).run_blocking(&App { model });
}

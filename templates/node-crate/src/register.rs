use flowc::dynamic::{Candidate, ProvidesAll, RegisterError, Registry};

/// Registers the nodes of this crate by their names.
///
/// # Errors
/// The application does not have a resource that one of them needs, or another node has its name and version.
pub fn register<App: ProvidesAll>(registry: &mut Registry<App>) -> Result<(), RegisterError> {
    registry.offer(&Candidate::of::<crate::define>())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use flowc::Resources;
    use flowc::dynamic::Registry;
    use serde_json::json;

    use crate::Dictionary;

    #[derive(Resources)]
    struct App {
        dictionary: Dictionary,
    }

    #[tokio::test]
    async fn the_nodes_are_called_by_name() {
        let mut registry = Registry::<App>::new();
        super::register(&mut registry).unwrap();
        let define = registry.get("define@^1").unwrap();
        assert_eq!(define.input_schema()["required"], json!(["word"]));

        let app = App { dictionary: Dictionary::of([("node", "a step")]) };
        let entry = define.call(json!({ "word": "node" })).run(&app).await.unwrap();
        assert_eq!(entry, json!({ "word": "node", "meaning": "a step" }));
    }

    #[test]
    fn an_application_without_a_dictionary_is_told_so() {
        let error = super::register(&mut Registry::<()>::new()).unwrap_err();
        assert!(error.to_string().contains("needs the resource `Dictionary`"), "{error}");
    }
}

//! What a typed step sends.

use serde::Serialize;
use serde_json::{Map, Value};

/// The arguments of a tool, put together by name. For generated code only.
#[derive(Debug, Default)]
pub struct Arguments {
    given: Map<String, Value>,
    problems: Vec<String>,
}

impl Arguments {
    #[doc(hidden)]
    pub fn new() -> Self {
        Self::default()
    }

    /// An argument that must be there.
    #[doc(hidden)]
    #[must_use]
    pub fn with<T: Serialize>(mut self, name: &str, value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => {
                self.given.insert(name.to_owned(), value);
            }
            Err(error) => self.problems.push(format!("`{name}`: {error}")),
        }
        self
    }

    /// An argument that need not be there.
    #[doc(hidden)]
    #[must_use]
    pub fn maybe<T: Serialize>(self, name: &str, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Each field of the value is an argument.
    #[doc(hidden)]
    #[must_use]
    pub fn all<T: Serialize>(mut self, value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Object(fields)) => self.given.extend(fields),
            Ok(other) => self.problems.push(format!("`{other}` is no object")),
            Err(error) => self.problems.push(error.to_string()),
        }
        self
    }

    /// The object that is sent, or what is wrong with it.
    pub(super) fn finish(self) -> Result<Value, Vec<String>> {
        if self.problems.is_empty() { Ok(Value::Object(self.given)) } else { Err(self.problems) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_absent_is_not_sent() {
        let more = BTreeMap::from([("a".to_owned(), 1)]);
        let arguments =
            Arguments::new().with("city", &"Oslo").maybe("days", Some(&3)).maybe::<u8>("unit", None).all(&more);
        assert_eq!(arguments.finish(), Ok(json!({"city": "Oslo", "days": 3, "a": 1})));
    }

    #[test]
    fn what_is_no_json_is_a_problem_of_its_argument() {
        let by_pair = BTreeMap::from([((1, 2), 3)]);
        let problems = Arguments::new().with("a", &by_pair).all(&7).finish().unwrap_err();
        assert_eq!(problems, ["`a`: key must be a string", "`7` is no object"]);
    }
}

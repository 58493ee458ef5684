//! A JSON value that knows where it stands in its file.

use jsonc_parser::ast::{Object, ObjectProp, ObjectPropName, Value};
use jsonc_parser::common::Ranged;

use super::ConfigError;

/// The text of the file, for places in it.
#[derive(Clone, Copy)]
pub(super) struct Source<'s>(pub(super) &'s str);

impl Source<'_> {
    /// An error at this place.
    pub(super) fn error(self, at: &impl Ranged, problem: impl Into<String>) -> ConfigError {
        self.error_at(at.start(), problem)
    }

    pub(super) fn error_at(self, offset: usize, problem: impl Into<String>) -> ConfigError {
        let mut error = ConfigError::new(problem);
        let before = self.0.get(..offset).unwrap_or(self.0);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        error.at = Some((line, column));
        error
    }

    pub(super) fn object<'a, 'v>(
        self,
        value: &'a Value<'v>,
        what: &str,
        help: &str,
    ) -> Result<&'a Object<'v>, ConfigError> {
        value.as_object().ok_or_else(|| self.error(value, format!("`{what}` is {}", kind(value))).help_with(help))
    }

    pub(super) fn string<'a>(self, value: &'a Value<'_>, what: &str) -> Result<&'a str, ConfigError> {
        let wrong = || self.error(value, format!("`{what}` is {}", kind(value))).help_with("make it a string");
        value.as_string_lit().map(|text| &*text.value).ok_or_else(wrong)
    }

    pub(super) fn boolean(self, value: &Value<'_>, what: &str) -> Result<bool, ConfigError> {
        let wrong = || self.error(value, format!("`{what}` is {}", kind(value))).help_with("make it `true` or `false`");
        value.as_boolean_lit().map(|value| value.value).ok_or_else(wrong)
    }

    pub(super) fn number<N: std::str::FromStr>(self, value: &Value<'_>, what: &str) -> Result<N, ConfigError> {
        let wrong = || self.error(value, format!("`{what}` is {}", kind(value))).help_with("make it a whole number");
        let number = value.as_number_lit().ok_or_else(wrong)?;
        let unfit =
            || self.error(value, format!("`{what}` cannot be {}", number.value)).help_with("make it a whole number");
        number.value.parse().map_err(|_| unfit())
    }

    /// Strings, in an array.
    pub(super) fn strings<'a>(self, value: &'a Value<'_>, what: &str) -> Result<Vec<(&'a str, usize)>, ConfigError> {
        let wrong =
            || self.error(value, format!("`{what}` is {}", kind(value))).help_with("make it an array of strings");
        let array = value.as_array().ok_or_else(wrong)?;
        let each = |element: &'a Value<'_>| Ok((self.string(element, what)?, element.start()));
        array.elements.iter().map(each).collect()
    }
}

/// What a value is, as people say it.
pub(super) fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a string",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "a boolean",
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        Value::NullKeyword(_) => "null",
    }
}

/// The name of a property.
pub(super) fn name<'a>(property: &'a ObjectProp<'_>) -> &'a str {
    match &property.name {
        ObjectPropName::String(name) => &name.value,
        ObjectPropName::Word(name) => name.value,
    }
}

/// The value of a property; of several the last one, as everywhere.
pub(super) fn get<'a, 'v>(object: &'a Object<'v>, key: &str) -> Option<&'a Value<'v>> {
    object.properties.iter().rev().find(|property| name(property) == key).map(|property| &property.value)
}

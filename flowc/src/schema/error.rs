use std::fmt;

use crate::graph::NodeSpec;

/// Inputs that a step cannot take: which one, and what it should have been.
///
/// ```
/// use flowc::schema::JsonInputs;
/// use serde_json::json;
///
/// #[flowc::node]
/// fn split(text: String, width: u8) -> usize {
///     text.len() / usize::from(width)
/// }
///
/// let error = split::inputs_from_json(json!({ "text": "a text", "width": 300 })).unwrap_err();
/// assert_eq!((error.step(), error.input()), ("split", Some("width")));
/// assert_eq!(error.to_string(), "input `width` of `split`: invalid value: integer `300`, expected u8");
///
/// let error = split::inputs_from_json(json!({ "text": "a text", "size": 3 })).unwrap_err();
/// assert_eq!(error.to_string(), "`split` has no input `size`; its inputs are `text`, `width`");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct InputError {
    pub(super) step: &'static NodeSpec,
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// It was not given.
    Missing { input: &'static str, expected: String },
    /// It was given, and there is none of that name.
    Unknown { input: String },
    /// It was given, and is of another type. The path leads into it.
    Wrong { path: String, why: String },
    /// The inputs were no JSON object.
    NoObject { found: &'static str },
}

impl InputError {
    /// The node or workflow.
    pub fn step(&self) -> &'static str {
        self.step.name
    }

    /// The input, with the way into it where a part of it is wrong, as in `query.words[2]`. `None` if the inputs were no object at all.
    pub fn input(&self) -> Option<&str> {
        match &self.what {
            What::Missing { input, .. } => Some(input),
            What::Unknown { input } => Some(input),
            What::Wrong { path, .. } => Some(path),
            What::NoObject { .. } => None,
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.step.name;
        match &self.what {
            What::Missing { input, expected } => {
                write!(f, "input `{input}` of `{step}` is missing, expected {expected}")
            }
            What::Unknown { input } => {
                write!(f, "`{step}` has no input `{input}`; ")?;
                let names: Vec<_> = self.step.inputs.iter().map(|input| input.name).collect();
                if names.is_empty() {
                    f.write_str("it has none")
                } else {
                    write!(f, "its inputs are `{}`", names.join("`, `"))
                }
            }
            What::Wrong { path, why } => write!(f, "input `{path}` of `{step}`: {why}"),
            What::NoObject { found } => write!(f, "the inputs of `{step}` are to be a JSON object, and are {found}"),
        }
    }
}

impl std::error::Error for InputError {}

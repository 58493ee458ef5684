//! `${VAR}`, `${VAR:-default}`, `${env:VAR}`, `${input:id}` and `${workspaceFolder}` in the strings of a file.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use super::error::ConfigError;

/// What strings may refer to.
pub(super) struct Vars<'f> {
    /// The values of inputs.
    pub(super) inputs: &'f BTreeMap<String, String>,
    /// What is said of the inputs that the file declares: their default.
    pub(super) declared: &'f BTreeMap<String, Option<String>>,
    /// The folder that is worked in.
    pub(super) folder: Option<&'f Path>,
}

/// A string with its variables replaced, and the values that came from outside.
pub(super) struct Expanded {
    pub(super) text: String,
    pub(super) secrets: Vec<String>,
}

impl Vars<'_> {
    /// Replaces the variables. An error is told with its offset in the string.
    pub(super) fn expand(&self, text: &str) -> Result<Expanded, (usize, ConfigError)> {
        let (mut done, mut secrets, mut rest) = (String::new(), Vec::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            done.push_str(before);
            let offset = text.len() - after.len() - 2;
            let Some((inside, behind)) = after.split_once('}') else {
                return Err((offset, ConfigError::new("`${` has no end").help_with("close it with `}`")));
            };
            let (value, secret) = self.value(inside).map_err(|error| (offset, error))?;
            done.push_str(&value);
            if secret {
                secrets.push(value);
            }
            rest = behind;
        }
        done.push_str(rest);
        Ok(Expanded { text: done, secrets })
    }

    /// The value of a variable, and whether it is to be kept out of logs.
    fn value(&self, inside: &str) -> Result<(String, bool), ConfigError> {
        if let Some(id) = inside.strip_prefix("input:") {
            return Ok((self.input(id)?, true));
        }
        let inside = inside.strip_prefix("env:").unwrap_or(inside);
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        if let Some(value) = env::var(name).ok().filter(|value| default.is_none() || !value.is_empty()) {
            return Ok((value, true));
        }
        let folder = |path: &Path| path.to_string_lossy().into_owned();
        let known = match name {
            "workspaceFolder" => self.folder.map(folder),
            "workspaceFolderBasename" => {
                self.folder.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned())
            }
            "userHome" => env::home_dir().map(|home| folder(&home)),
            "pathSeparator" | "/" => Some(std::path::MAIN_SEPARATOR_STR.to_owned()),
            _ => None,
        };
        known.or_else(|| default.map(str::to_owned)).map(|value| (value, false)).ok_or_else(|| {
            let help = format!("set it, or write `${{{name}:-a default}}`");
            ConfigError::new(format!("the environment has no `{name}`")).help_with(help)
        })
    }

    fn input(&self, id: &str) -> Result<String, ConfigError> {
        if let Some(value) = self.inputs.get(id) {
            return Ok(value.clone());
        }
        let Some(default) = self.declared.get(id) else {
            let known: Vec<_> = self.declared.keys().map(|id| format!("`{id}`")).collect();
            let help = if known.is_empty() {
                format!("declare it in `inputs`, or give its value with `.input(\"{id}\", ..)`")
            } else {
                format!("there are {}", known.join(", "))
            };
            return Err(ConfigError::new(format!("there is no input `{id}`")).help_with(help));
        };
        default.clone().ok_or_else(|| {
            let help = format!("give it with `.input(\"{id}\", ..)`, or add a `default` to it");
            ConfigError::new(format!("the input `{id}` has no value")).help_with(help)
        })
    }
}

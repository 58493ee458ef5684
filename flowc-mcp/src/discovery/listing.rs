//! What a registry or a server card says of a server.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::auth::guard::Guard;

/// A server as a registry lists it, or as its own card says: who it is, and how it is reached.
#[derive(Debug, Clone)]
pub struct Listing {
    pub(super) said: Said,
    /// `active`, `deprecated` or `deleted`, where it is from a registry.
    pub(super) status: Option<String>,
    /// Where its addresses may lead.
    pub(super) guard: Guard,
}

/// What has to be given, or can be, before a server is used: a key, the name of an account, a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Need {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Whether nothing goes without it.
    pub required: bool,
    /// Whether nobody else may see it.
    pub secret: bool,
    /// What it is if nothing is given.
    pub default: Option<String>,
    /// What it may be, if not anything.
    pub choices: Vec<String>,
}

impl Listing {
    /// Its name, as in `io.github.acme/weather`.
    pub fn name(&self) -> &str {
        &self.said.name
    }

    /// Its name for people; else the [`name`](Self::name).
    pub fn title(&self) -> &str {
        self.said.title.as_deref().unwrap_or(&self.said.name)
    }

    /// What it does.
    pub fn description(&self) -> &str {
        &self.said.description
    }

    /// Which version this is about.
    pub fn version(&self) -> &str {
        &self.said.version
    }

    /// `active`, `deprecated` or `deleted`, where it is from a registry that says so.
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// The addresses at which others run it.
    pub fn remotes(&self) -> impl Iterator<Item = &str> {
        self.said.remotes.iter().map(|remote| remote.url.as_str())
    }

    /// The packages that it comes in, as in `npm` and `@acme/weather`.
    pub fn packages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.said.packages.iter().map(|package| (package.registry_type.as_str(), package.identifier.as_str()))
    }
}

/// The document itself. What is not known is left out, and what is not said is empty: a registry holds what thousands of people wrote.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Said {
    pub(super) name: String,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) description: String,
    pub(super) version: String,
    #[serde(default)]
    pub(super) remotes: Vec<Remote>,
    #[serde(default)]
    pub(super) packages: Vec<Package>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Remote {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) url: String,
    #[serde(default)]
    pub(super) headers: Vec<Pair>,
    #[serde(default)]
    pub(super) variables: BTreeMap<String, Input>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "they are those of the document")]
pub(super) struct Package {
    pub(super) registry_type: String,
    pub(super) identifier: String,
    #[serde(default)]
    pub(super) version: Option<String>,
    #[serde(default)]
    pub(super) runtime_hint: Option<String>,
    #[serde(default)]
    pub(super) transport: Option<Transport>,
    #[serde(default)]
    pub(super) runtime_arguments: Vec<Argument>,
    #[serde(default)]
    pub(super) package_arguments: Vec<Argument>,
    #[serde(default)]
    pub(super) environment_variables: Vec<Pair>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Transport {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// A header, or a variable of the environment.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Pair {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) input: Input,
}

/// A word of a command line.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Argument {
    /// The flag, where it is one.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// What it is called, where it is none.
    #[serde(default)]
    pub(super) value_hint: Option<String>,
    #[serde(flatten)]
    pub(super) input: Input,
}

/// Something that is given, or stands there already.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Input {
    pub(super) description: Option<String>,
    pub(super) is_required: bool,
    pub(super) is_secret: bool,
    pub(super) value: Option<String>,
    pub(super) default: Option<String>,
    pub(super) choices: Option<Vec<String>>,
    pub(super) format: Option<String>,
    /// What stands in braces in `value`.
    pub(super) variables: BTreeMap<String, Input>,
}

impl Input {
    /// Whether it says nothing of a value: a flag that stands alone.
    pub(super) fn is_bare(&self) -> bool {
        self.value.is_none() && self.default.is_none() && self.description.is_none() && self.choices.is_none()
    }

    pub(super) fn is_boolean(&self) -> bool {
        self.format.as_deref() == Some("boolean")
    }

    pub(super) fn need(&self, name: &str) -> Need {
        Need {
            name: name.to_owned(),
            description: self.description.clone().unwrap_or_default(),
            required: self.is_required && self.default.is_none(),
            secret: self.is_secret,
            default: self.default.clone(),
            choices: self.choices.clone().unwrap_or_default(),
        }
    }
}

use std::fmt;

use semver::Version;

use crate::schema::{SchemaChange, Side};

/// Why a node was not registered. Its text says what to change; the registry is as it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterError {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) what: Box<Wrong>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It cannot be looked up by this name.
    Name,
    Version {
        why: String,
    },
    /// A schema that is no object.
    Schema {
        side: Side,
        found: String,
    },
    /// The application does not have what it needs.
    Resources {
        missing: Vec<String>,
        app: String,
    },
    /// Name and version are taken, by something else.
    Twice {
        first: String,
        second: String,
        changes: Changes,
    },
    /// What callers of the older one rely on is not so any more.
    Breaks {
        from: Version,
        to: Version,
        next: Version,
        changes: Changes,
    },
}

pub(super) type Changes = Vec<(Side, SchemaChange)>;

impl RegisterError {
    /// The node that was to be registered.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version, as it says itself.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How its schemas differ from those of what is registered already, and in which way it matters; empty if that is not what is
    /// wrong.
    pub fn changes(&self) -> impl Iterator<Item = (Side, &SchemaChange)> {
        let changes: &[_] = match &*self.what {
            Wrong::Twice { changes, .. } | Wrong::Breaks { changes, .. } => changes,
            _ => &[],
        };
        changes.iter().map(|(side, change)| (*side, change))
    }
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, version, what } = self;
        match &**what {
            Wrong::Name => write!(
                f,
                "`{name}` is no name for a node: it is looked up as in `name@^1.2`, so that it is not empty and has neither `@` nor spaces"
            ),
            Wrong::Version { why } => {
                write!(f, "node `{name}`: `{version}` is no version ({why}); write three numbers as in `1.4.0`")
            }
            Wrong::Schema { side, found } => {
                write!(
                    f,
                    "node `{name}` {version}: the schema of its {} is to be a JSON object, and is {found}",
                    word(*side)
                )
            }
            Wrong::Resources { missing, app } => {
                write!(f, "node `{name}` {version} needs the resource ")?;
                for (index, ty) in missing.iter().enumerate() {
                    write!(f, "{}`{ty}`", if index == 0 { "" } else { ", " })?;
                }
                write!(
                    f,
                    ", which the application `{app}` does not have\nhelp: give `{app}` a field of this type, or leave the node out"
                )
            }
            Wrong::Twice { first, second, changes } => {
                write!(f, "node `{name}` {version} is registered twice: from {first}, and from {second}")?;
                list(f, changes)?;
                f.write_str("\nhelp: give one of them another name or version")
            }
            Wrong::Breaks { from, to, next, changes } => {
                write!(f, "node `{name}` {to} breaks the callers of {from}")?;
                list(f, changes)?;
                write!(f, "\nhelp: keep what {from} had, or call it {next}")
            }
        }
    }
}

impl std::error::Error for RegisterError {}

fn word(side: Side) -> &'static str {
    match side {
        Side::Input => "inputs",
        Side::Output => "output",
    }
}

fn list(f: &mut fmt::Formatter<'_>, changes: &Changes) -> fmt::Result {
    for (side, change) in changes {
        write!(
            f,
            "\n{}{change}",
            match side {
                Side::Input => "input",
                Side::Output => "output",
            }
        )?;
    }
    Ok(())
}

/// Why no node was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookupError {
    /// None has this name.
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The registered name that is most like it, if any is.
        similar: Option<String>,
    },
    /// None of its versions is one of those that were asked for.
    NoVersion {
        /// The name.
        name: String,
        /// The versions that were asked for.
        wanted: String,
        /// The versions that there are, the oldest first.
        versions: Vec<String>,
    },
    /// What stands behind the `@` says nothing.
    Requirement {
        /// The name.
        name: String,
        /// What stands there.
        wanted: String,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, similar: Some(similar) } => {
                write!(f, "no node is called `{name}`; did you mean `{similar}`?")
            }
            Self::Unknown { name, similar: None } => write!(f, "no node is called `{name}`"),
            Self::NoVersion { name, wanted, versions } => {
                write!(f, "node `{name}` has no version `{wanted}`; there is {}", versions.join(", "))
            }
            Self::Requirement { name, wanted, why } => {
                write!(f, "`{wanted}` says no versions of node `{name}` ({why}); write it as in `{name}@^1.2`")
            }
        }
    }
}

impl std::error::Error for LookupError {}

//! The file that Claude, Cursor, VS Code, Gemini and Windsurf have.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::place::{Source, get, kind, name};
use super::read::Reader;
use super::vars::Vars;
use super::{ConfigError, ServerConfig};

/// A file of servers, not yet looked at but for its path: inputs can be given before its servers are read.
///
/// The root is `mcpServers`, as Claude, Cursor, Gemini and Windsurf have it, or `servers` with `inputs`, as VS Code has it. Comments and
/// commas at the end of lists are fine. A key that is not known is ignored; our own settings stand under `x-flowc`.
///
/// ```
/// use flowc_mcp::ServersFile;
///
/// let file = r#"{
///     // `${input:key}` is asked for by an editor; a program gives it.
///     "inputs": [{ "id": "key", "type": "promptString", "password": true }],
///     "servers": {
///         "search": { "type": "http", "url": "https://search.example/mcp", "headers": { "X-Key": "${input:key}" } },
///         "time": { "command": "uvx", "args": ["mcp-server-time"], "x-flowc": { "pool": { "min": 1, "max": 4 } } },
///     },
/// }"#;
/// let servers = ServersFile::text(file).input("key", "s3cret").servers()?;
/// assert_eq!(servers.keys().collect::<Vec<_>>(), ["search", "time"]);
/// # Ok::<(), flowc_mcp::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ServersFile {
    from: From,
    inputs: BTreeMap<String, String>,
    folder: Option<PathBuf>,
}

#[derive(Debug, Clone)]
enum From {
    File(PathBuf),
    Text(String),
}

/// The servers of a file by name.
pub(crate) type Servers = BTreeMap<String, ServerConfig>;

const HELP: &str = "make it an object with one entry per server";

impl ServersFile {
    /// A file, read when its servers are asked for.
    pub fn path(path: impl AsRef<Path>) -> Self {
        Self { from: From::File(path.as_ref().to_owned()), inputs: BTreeMap::new(), folder: None }
    }

    /// What would stand in a file.
    pub fn text(text: impl Into<String>) -> Self {
        Self { from: From::Text(text.into()), inputs: BTreeMap::new(), folder: None }
    }

    /// The servers in a text.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str) -> Result<BTreeMap<String, ServerConfig>, ConfigError> {
        Self::text(text).servers()
    }

    /// The value of an input, for `${input:id}`.
    #[must_use]
    pub fn input(mut self, id: impl Into<String>, value: impl Into<String>) -> Self {
        self.inputs.insert(id.into(), value.into());
        self
    }

    /// What `${workspaceFolder}` stands for; else it is the folder of the file, or the one around it if that is `.vscode`, `.cursor`
    /// or `.gemini`.
    #[must_use]
    pub fn workspace(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().to_owned());
        self
    }

    /// Where the file is, if it is one.
    #[cfg(feature = "watch")]
    pub(crate) fn watched(&self) -> Option<&Path> {
        match &self.from {
            From::File(path) => Some(path),
            From::Text(_) => None,
        }
    }

    /// Reads the servers. One that is `disabled` is left out.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn servers(&self) -> Result<BTreeMap<String, ServerConfig>, ConfigError> {
        let (text, path) = match &self.from {
            From::Text(text) => (text.clone(), None),
            From::File(path) => {
                let unread = |error: std::io::Error| {
                    let problem = ConfigError::new(format!("the file of servers cannot be read: {error}"));
                    ConfigError { file: Some(path.clone()), ..problem }
                };
                (std::fs::read_to_string(path).map_err(unread)?, Some(path.as_path()))
            }
        };
        let folder = self.folder.clone().or_else(|| path.map(workspace_of));
        self.read(&text, folder.as_deref()).map_err(|error| ConfigError { file: path.map(Path::to_owned), ..error })
    }

    fn read(&self, text: &str, folder: Option<&Path>) -> Result<Servers, ConfigError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Source(text);
        let parsed = parse_to_ast(text, &CollectOptions::default(), &options()).map_err(|error| {
            source.error_at(error.range().start, format!("this is not JSON: {}", error.kind()).to_lowercase_first())
        })?;
        let root = parsed.value.ok_or_else(|| source.error_at(0, "the file is empty").help_with(EXAMPLE))?;
        let object = source.object(&root, "the file", "make it an object")?;

        let (key, list) = ["mcpServers", "servers", "mcp_servers"]
            .iter()
            .find_map(|key| Some((*key, get(object, key)?)))
            .or_else(|| {
                // The settings of VS Code hold them one level deeper.
                let inner = get(object, "mcp")?.as_object()?;
                Some(("servers", get(inner, "servers")?))
            })
            .ok_or_else(|| source.error(&root, "there is no `mcpServers` and no `servers`").help_with(EXAMPLE))?;
        let servers = source.object(list, key, HELP)?;

        let declared = declared(source, get(object, "inputs"))?;
        let vars = Vars { inputs: &self.inputs, declared: &declared, folder };
        let reader = Reader { source, vars, folder };
        let mut found = Servers::new();
        for property in &servers.properties {
            let name = name(property);
            if let Some(config) = reader.server(name, &property.value)? {
                found.insert(name.to_owned(), config);
            }
        }
        Ok(found)
    }
}

const EXAMPLE: &str =
    "write `{ \"mcpServers\": { \"time\": { \"command\": \"uvx\", \"args\": [\"mcp-server-time\"] } } }`";

/// JSON with comments and trailing commas, and nothing else that is not JSON.
fn options() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_loose_object_property_names: false,
        allow_trailing_commas: true,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// The inputs that a file declares, with their defaults.
fn declared(source: Source<'_>, list: Option<&Value<'_>>) -> Result<BTreeMap<String, Option<String>>, ConfigError> {
    let mut declared = BTreeMap::new();
    let Some(list) = list else { return Ok(declared) };
    let wrong = || source.error(list, format!("`inputs` is {}", kind(list))).help_with("make it an array of objects");
    for input in &list.as_array().ok_or_else(wrong)?.elements {
        let object = source.object(input, "an input", "give it an `id`")?;
        let id =
            get(object, "id").ok_or_else(|| source.error(input, "this input has no `id`").help_with("give it one"))?;
        let default = get(object, "default").map(|value| source.string(value, "default")).transpose()?;
        declared.insert(source.string(id, "id")?.to_owned(), default.map(str::to_owned));
    }
    Ok(declared)
}

/// The folder that is worked in, by the place of the file.
fn workspace_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().unwrap_or(&absolute);
    let of_editor =
        folder.file_name().is_some_and(|name| [".vscode", ".cursor", ".gemini"].iter().any(|editor| name == *editor));
    if of_editor { folder.parent().unwrap_or(folder).to_owned() } else { folder.to_owned() }
}

/// The messages of the parser begin with a capital letter.
trait LowercaseFirst {
    fn to_lowercase_first(self) -> String;
}

impl LowercaseFirst for String {
    fn to_lowercase_first(self) -> String {
        match self.split_once(": ") {
            Some((head, tail)) => {
                let mut letters = tail.chars();
                let first = letters.next().map(char::to_lowercase).into_iter().flatten();
                format!("{head}: {}{}", first.collect::<String>(), letters.as_str())
            }
            None => self,
        }
    }
}

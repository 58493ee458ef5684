//! One entry of the file, in whichever dialect it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use flowc::Secret;
use flowc::policy::{BreakerPolicy, RatePolicy};
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::place::{Source, get, kind, name};
use super::vars::Vars;
use super::{Address, ConfigError, PoolSize, Program, RetryCalls, ServerConfig, Settings, Way};
use crate::ProtocolVersion;

pub(super) struct Reader<'f> {
    pub(super) source: Source<'f>,
    pub(super) vars: Vars<'f>,
    pub(super) folder: Option<&'f Path>,
}

/// The keys under which the dialects have an address.
const ADDRESS: [&str; 4] = ["url", "serverUrl", "httpUrl", "uri"];

/// What is known under `x-flowc`.
const OURS: [&str; 14] = [
    "pool",
    "connectTimeout",
    "callTimeout",
    "pingTimeout",
    "maxMessage",
    "retry",
    "breaker",
    "rate",
    "idempotent",
    "protocol",
    "subprotocol",
    "ca",
    "oauth",
    "inheritEnv",
];

/// What an entry without a `command` and an address was most likely meant to say.
fn meant(entry: &Object<'_>) -> String {
    let ways = || ["command"].into_iter().chain(ADDRESS);
    let near =
        |key: &str| ways().find(|way| (1..=way.len() / 3).contains(&strsim::osa_distance(&key.to_lowercase(), way)));
    match entry.properties.iter().find_map(|property| Some((name(property), near(name(property))?))) {
        Some((key, way)) => format!("`{key}` is not known; write `{way}`"),
        None => "a program has a `command`, a server with an address a `url`".to_owned(),
    }
}

impl Reader<'_> {
    /// The server of an entry, unless it is disabled.
    pub(super) fn server(&self, called: &str, value: &Value<'_>) -> Result<Option<ServerConfig>, ConfigError> {
        let entry = self.source.object(value, called, "give it a `command` or a `url`")?;
        let switched = |key| get(entry, key).map(|value| self.source.boolean(value, key)).transpose();
        if switched("disabled")? == Some(true) || switched("enabled")? == Some(false) {
            return Ok(None);
        }
        let declared = get(entry, "type").or_else(|| get(entry, "transport"));
        let declared = declared.map(|value| Ok((self.source.string(value, "type")?, value))).transpose()?;
        if let Some(("sse", value)) = declared {
            let problem = "the transport `sse` was taken out of the protocol, and flowc does not speak it";
            return Err(self.source.error(value, problem).help_with(
                "most servers that had it serve Streamable HTTP as well: ask for its address, and write `\"type\": \"http\"`",
            ));
        }
        let url = ADDRESS.iter().find_map(|key| Some((*key, get(entry, key)?)));
        let (command, mut secrets) = (get(entry, "command"), Vec::new());
        let way = match (command, url) {
            (Some(_), Some((key, url))) => {
                let problem = format!("`{called}` has both a `command` and a `{key}`");
                return Err(self.source.error(url, problem).help_with("leave one of them out"));
            }
            (None, None) => {
                let problem = format!("`{called}` has neither a `command` nor a `url`");
                return Err(self.source.error(value, problem).help_with(meant(entry)));
            }
            (Some(command), None) => self.program(entry, command, &mut secrets)?,
            (None, Some((key, url))) => self.address(entry, key, url, declared.map(|(name, _)| name), &mut secrets)?,
        };
        if let Some((declared, at)) = declared {
            let fits = match declared {
                "stdio" => matches!(way, Way::Stdio(_)),
                "ws" | "websocket" => matches!(way, Way::Ws(_)),
                "http" | "streamable-http" | "streamableHttp" | "streamable_http" => matches!(way, Way::Http(_)),
                _ => false,
            };
            if !fits {
                let problem = format!("`{called}` cannot be of the type `{declared}`");
                let help =
                    "`stdio` has a `command`, `http` a `url` with `http` or `https`, `ws` one with `ws` or `wss`";
                return Err(self.source.error(at, problem).help_with(help));
            }
        }
        let mut config = ServerConfig { way, settings: Settings::default(), secrets };
        // Gemini's own key, in milliseconds.
        if let Some(timeout) = get(entry, "timeout") {
            config.settings.call_timeout = self.duration(timeout, "timeout")?;
        }
        if let Some(ours) = get(entry, "x-flowc") {
            self.ours(&mut config, self.source.object(ours, "x-flowc", "make it an object")?)?;
        }
        Ok(Some(config))
    }

    fn program(
        &self,
        entry: &Object<'_>,
        command: &Value<'_>,
        secrets: &mut Vec<Secret<String>>,
    ) -> Result<Way, ConfigError> {
        let command = self.text(command, "command", secrets)?;
        let mut args = Vec::new();
        if let Some(list) = get(entry, "args") {
            for (arg, at) in self.source.strings(list, "args")? {
                args.push(self.expand(arg, at, secrets)?);
            }
        }
        let mut env = Vec::new();
        if let Some(file) = get(entry, "envFile") {
            let path = self.under(self.text(file, "envFile", secrets)?);
            let text = std::fs::read_to_string(&path);
            let text =
                text.map_err(|error| self.source.error(file, format!("`{}` cannot be read: {error}", path.display())))?;
            env.extend(env_file(&text));
        }
        env.extend(self.pairs(entry, "env", secrets)?);
        secrets.extend(env.iter().map(|(_, value)| value.clone()));
        let cwd = get(entry, "cwd").map(|value| Ok(self.under(self.text(value, "cwd", secrets)?))).transpose()?;
        Ok(Way::Stdio(Program { command, args, env, cwd, inherit_env: false }))
    }

    fn address(
        &self,
        entry: &Object<'_>,
        key: &str,
        url: &Value<'_>,
        declared: Option<&str>,
        secrets: &mut Vec<Secret<String>>,
    ) -> Result<Way, ConfigError> {
        let text = self.text(url, key, secrets)?;
        let mut address = Address::new(text);
        address.headers = self.pairs(entry, "headers", secrets)?;
        secrets.extend(address.headers.iter().map(|(_, value)| value.clone()));
        let scheme = address.url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            // Gemini has `url` for what is gone, and `httpUrl` for Streamable HTTP; other clients have `url` for both.
            Some("http" | "https") if !matches!(declared, Some("ws" | "websocket")) => Ok(Way::Http(address)),
            Some("ws" | "wss") => Ok(Way::Ws(address)),
            _ => {
                let help = "write one that begins with `http://`, `https://`, `ws://` or `wss://`";
                Err(self.source.error(url, format!("`{key}` is not an address that can be spoken to")).help_with(help))
            }
        }
    }

    fn ours(&self, config: &mut ServerConfig, ours: &Object<'_>) -> Result<(), ConfigError> {
        for property in &ours.properties {
            let (key, value) = (name(property), &property.value);
            let settings = &mut config.settings;
            match key {
                "pool" => {
                    let object = self.source.object(value, key, "write `{ \"min\": 1, \"max\": 4 }`")?;
                    let number = |key, or| get(object, key).map_or(Ok(or), |value| self.source.number(value, key));
                    let min = number("min", 1)?;
                    settings.pool = PoolSize::new(min, number("max", min)?);
                }
                "connectTimeout" => settings.connect_timeout = self.duration(value, key)?,
                "callTimeout" => settings.call_timeout = self.duration(value, key)?,
                "pingTimeout" => settings.ping_timeout = self.duration(value, key)?,
                "maxMessage" => settings.max_message = self.source.number(value, key)?,
                "retry" => settings.retry = self.retry(value)?,
                "breaker" => settings.breaker = self.breaker(value)?,
                "rate" => settings.rate = Some(self.rate(value)?),
                "idempotent" => {
                    let tools = self.source.strings(value, key)?;
                    settings.idempotent = tools.into_iter().map(|(tool, _)| tool.to_owned()).collect();
                }
                "protocol" => settings.protocol = Some(self.protocol(value)?),
                "subprotocol" => *config = config.clone().subprotocol(self.source.string(value, key)?),
                "ca" => {
                    let file = self.under(self.text(value, key, &mut config.secrets)?);
                    *config = config.clone().ca(file);
                }
                #[cfg(feature = "auth")]
                "oauth" => self.oauth(config, value)?,
                #[cfg(not(feature = "auth"))]
                "oauth" => {
                    let error = self.source.error_at(property.start(), "`oauth` is not built in");
                    return Err(error.help_with("build flowc-mcp with the feature `auth`"));
                }
                "inheritEnv" => {
                    if self.source.boolean(value, key)? {
                        *config = config.clone().inherit_env();
                    }
                }
                // Elsewhere unknown keys are those of other programs; these are ours alone.
                _ => {
                    let known: Vec<_> = OURS.iter().map(|known| format!("`{known}`")).collect();
                    let error = self.source.error_at(property.start(), format!("`x-flowc` has no setting `{key}`"));
                    return Err(error.help_with(format!("there are {}", known.join(", "))));
                }
            }
        }
        Ok(())
    }

    fn protocol(&self, value: &Value<'_>) -> Result<ProtocolVersion, ConfigError> {
        let text = self.source.string(value, "protocol")?;
        text.parse().map_err(|_| {
            let known: Vec<_> = ProtocolVersion::ALL.iter().map(|version| format!("`{version}`")).collect();
            self.source
                .error(value, format!("there is no protocol version `{text}`"))
                .help_with(format!("there are {}", known.join(", ")))
        })
    }

    fn retry(&self, value: &Value<'_>) -> Result<RetryCalls, ConfigError> {
        let object = self.source.object(value, "retry", "write `{ \"attempts\": 3, \"base\": \"100ms\" }`")?;
        let mut retry = RetryCalls::default();
        if let Some(value) = get(object, "attempts") {
            retry.attempts = self.source.number::<u32>(value, "attempts")?.max(1);
        }
        if let Some(value) = get(object, "base") {
            retry.base = self.duration(value, "base")?;
        }
        if let Some(value) = get(object, "max") {
            retry.max = self.duration(value, "max")?;
        }
        Ok(retry)
    }

    fn breaker(&self, value: &Value<'_>) -> Result<Option<BreakerPolicy>, ConfigError> {
        if value.as_boolean_lit().is_some_and(|value| !value.value) {
            return Ok(None);
        }
        let object =
            self.source.object(value, "breaker", "write `{ \"failures\": 5, \"cooldown\": \"10s\" }`, or `false`")?;
        let mut policy = BreakerPolicy::new();
        if let Some(value) = get(object, "failures") {
            policy = policy.failures(self.source.number(value, "failures")?);
        }
        if let Some(value) = get(object, "window") {
            policy = policy.window(self.duration(value, "window")?);
        }
        if let Some(value) = get(object, "cooldown") {
            policy = policy.cooldown(self.duration(value, "cooldown")?);
        }
        Ok(Some(policy))
    }

    fn rate(&self, value: &Value<'_>) -> Result<RatePolicy, ConfigError> {
        const HELP: &str = "write `{ \"calls\": 10, \"per\": \"1s\" }`";
        let object = self.source.object(value, "rate", HELP)?;
        let (Some(calls), Some(per)) = (get(object, "calls"), get(object, "per")) else {
            return Err(self.source.error(value, "`rate` needs `calls` and `per`").help_with(HELP));
        };
        let mut policy = RatePolicy::new().calls(self.source.number(calls, "calls")?, self.duration(per, "per")?);
        if let Some(value) = get(object, "burst") {
            policy = policy.burst(self.source.number(value, "burst")?);
        }
        Ok(policy)
    }

    /// A time: `"250ms"`, `"20s"`, `"5m"`, `"1h"`, or a number of milliseconds.
    fn duration(&self, value: &Value<'_>, what: &str) -> Result<Duration, ConfigError> {
        if value.as_number_lit().is_some() {
            return self.source.number(value, what).map(Duration::from_millis);
        }
        let wrong = |problem: String| {
            self.source.error(value, problem).help_with("write it as `\"20s\"`, `\"250ms\"` or `\"5m\"`")
        };
        let text = value.as_string_lit().ok_or_else(|| wrong(format!("`{what}` is {}", kind(value))))?;
        let digits = text.value.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let unit: u64 = match text.value.strip_prefix(digits) {
            Some("ms") => 1,
            Some("s") => 1_000,
            Some("m") => 60_000,
            Some("h") => 3_600_000,
            _ => return Err(wrong(format!("`{what}` is not a time"))),
        };
        let number: u64 = digits.trim().parse().map_err(|_| wrong(format!("`{what}` is not a time")))?;
        Ok(Duration::from_millis(number.saturating_mul(unit)))
    }

    /// The strings of an object, their variables replaced.
    fn pairs(
        &self,
        entry: &Object<'_>,
        key: &str,
        secrets: &mut Vec<Secret<String>>,
    ) -> Result<Vec<(String, Secret<String>)>, ConfigError> {
        let Some(value) = get(entry, key) else { return Ok(Vec::new()) };
        let object = self.source.object(value, key, "make it an object of strings")?;
        let pair = |property: &jsonc_parser::ast::ObjectProp<'_>| {
            let text = match &property.value {
                // Numbers and booleans are meant as their text.
                Value::NumberLit(number) => number.value.to_owned(),
                Value::BooleanLit(boolean) => boolean.value.to_string(),
                value => self.text(value, name(property), secrets)?,
            };
            Ok((name(property).to_owned(), Secret::new(text)))
        };
        object.properties.iter().map(pair).collect()
    }

    pub(super) fn text(
        &self,
        value: &Value<'_>,
        what: &str,
        secrets: &mut Vec<Secret<String>>,
    ) -> Result<String, ConfigError> {
        self.expand(self.source.string(value, what)?, value.start(), secrets)
    }

    fn expand(&self, text: &str, at: usize, secrets: &mut Vec<Secret<String>>) -> Result<String, ConfigError> {
        let expanded = self.vars.expand(text).map_err(|(offset, error)| {
            // One for the quote. A string with escapes may shift the column a little; the line is right.
            let placed = self.source.error_at(at + 1 + offset, "");
            ConfigError { at: placed.at, ..error }
        })?;
        secrets.extend(expanded.secrets.into_iter().map(Secret::new));
        Ok(expanded.text)
    }

    /// A path as the file means it.
    pub(super) fn under(&self, path: String) -> PathBuf {
        match self.folder {
            Some(folder) => folder.join(path),
            None => PathBuf::from(path),
        }
    }
}

/// The variables of a file of `NAME=value` lines.
fn env_file(text: &str) -> Vec<(String, Secret<String>)> {
    let line = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
        let value = value.trim();
        let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
        Some((name.trim().to_owned(), Secret::new(quoted.unwrap_or(value).to_owned())))
    };
    text.lines().filter_map(line).collect()
}

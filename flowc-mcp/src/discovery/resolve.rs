//! From what is said of a server to the way that it is reached.

use std::collections::BTreeMap;

use super::error::{DiscoveryError, DiscoveryErrorKind};
use super::listing::{Argument, Input, Listing, Need, Package, Pair, Remote};
use crate::auth::endpoint::Endpoint;
use crate::config::ServerConfig;

/// Programs that run packages. Another one is not started because a stranger names it.
const RUNNERS: [&str; 7] = ["npx", "uvx", "docker", "podman", "dnx", "bunx", "pipx"];

impl Listing {
    /// What the first address takes, or the first package if there is no address.
    pub fn needs(&self) -> Vec<Need> {
        let mut given = Given::new(&self.said.name, BTreeMap::new());
        // What is missing is what is asked for here.
        let _ = match (self.first_remote(), self.first_package()) {
            (Ok(remote), _) => given.remote(remote).map(drop),
            (Err(_), Ok((package, runner))) => given.package(package, runner).map(drop),
            (Err(error), Err(_)) => Err(error),
        };
        given.asked
    }

    /// The server at the address where others run it. `given` are values for what it [needs](Self::needs), by name.
    ///
    /// # Errors
    /// It is at no address, or at one that leads into a private network; something is missing, or given that is not asked for.
    ///
    /// ```no_run
    /// # use flowc_mcp::{McpServers, discovery::Listing};
    /// # fn add(servers: &McpServers, weather: &Listing) -> Result<(), Box<dyn std::error::Error>> {
    /// let _ = servers.add("weather", weather.remote([("api_key", "s3cret")])?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn remote<N: Into<String>, V: Into<String>>(
        &self,
        given: impl IntoIterator<Item = (N, V)>,
    ) -> Result<ServerConfig, DiscoveryError> {
        let remote = self.first_remote()?;
        let mut given = Given::of(&self.said.name, given);
        let made = given.remote(remote);
        let (url, headers) = given.checked(made)?;
        let url = Endpoint::parse(&url)?;
        self.guard.plausible(&url)?;
        self.told();
        let config = ServerConfig::http(url.as_str());
        Ok(headers.into_iter().fold(config, |config, (name, value)| config.header(name, value)))
    }

    /// The server as a program of this machine: `npx`, `uvx`, `docker` or `dnx` fetches its package and runs it. `given` are values for
    /// what it needs, by name.
    ///
    /// That is code of whoever published it. It runs with the rights of this program.
    ///
    /// # Errors
    /// It comes in no package that can be run here; something is missing, or given that is not asked for.
    ///
    /// ```no_run
    /// # use flowc_mcp::{McpServers, discovery::Listing};
    /// # fn add(servers: &McpServers, files: &Listing) -> Result<(), Box<dyn std::error::Error>> {
    /// let _ = servers.add("files", files.package([("root", "/srv/files")])?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn package<N: Into<String>, V: Into<String>>(
        &self,
        given: impl IntoIterator<Item = (N, V)>,
    ) -> Result<ServerConfig, DiscoveryError> {
        let (package, runner) = self.first_package()?;
        let mut given = Given::of(&self.said.name, given);
        let made = given.package(package, runner);
        let (args, env) = given.checked(made)?;
        self.told();
        let config = ServerConfig::stdio(runner).args(args);
        Ok(env.into_iter().fold(config, |config, (name, value)| config.env(name, value)))
    }

    fn told(&self) {
        if let Some(status) = self.status.as_deref().filter(|status| *status != "active") {
            tracing::warn!(
                server = self.said.name,
                version = self.said.version,
                "the registry says that it is {status}"
            );
        }
    }

    fn no_way(&self, reason: String) -> DiscoveryError {
        DiscoveryErrorKind::NoWay { name: self.said.name.clone(), reason }.into()
    }

    fn first_remote(&self) -> Result<&Remote, DiscoveryError> {
        let http = self.said.remotes.iter().find(|remote| remote.kind == "streamable-http");
        http.ok_or_else(|| match self.said.remotes.first() {
            Some(remote) => self.no_way(format!("`{}` is at `{}`, and not Streamable HTTP", remote.url, remote.kind)),
            None => self.no_way("nobody runs it at an address".to_owned()),
        })
    }

    fn first_package(&self) -> Result<(&Package, &'static str), DiscoveryError> {
        let mut reason = "it comes in no package".to_owned();
        for package in &self.said.packages {
            match runner(package) {
                Ok(runner) => return Ok((package, runner)),
                Err(why) => reason = why,
            }
        }
        Err(self.no_way(reason))
    }
}

/// The program that runs a package.
fn runner(package: &Package) -> Result<&'static str, String> {
    let stdio = package.transport.as_ref().is_none_or(|transport| transport.kind == "stdio");
    if !stdio {
        return Err(format!("the package `{}` speaks not over standard input and output", package.identifier));
    }
    if let Some(hint) = &package.runtime_hint {
        let known = RUNNERS.iter().find(|runner| *runner == hint);
        return known.copied().ok_or_else(|| format!("`{hint}` is none of the programs `{}`", RUNNERS.join("`, `")));
    }
    match package.registry_type.as_str() {
        "npm" => Ok("npx"),
        "pypi" => Ok("uvx"),
        "oci" => Ok("docker"),
        "nuget" => Ok("dnx"),
        other => Err(format!("nothing runs packages of `{other}`")),
    }
}

type Pairs = Vec<(String, String)>;

/// What was given, what was asked for, and what of that is missing.
struct Given<'l> {
    server: &'l str,
    values: BTreeMap<String, String>,
    asked: Vec<Need>,
    missing: Vec<Need>,
}

impl<'l> Given<'l> {
    fn new(server: &'l str, values: BTreeMap<String, String>) -> Self {
        Self { server, values, asked: Vec::new(), missing: Vec::new() }
    }

    fn of<N: Into<String>, V: Into<String>>(server: &'l str, given: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::new(server, given.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The address, and its headers.
    fn remote(&mut self, remote: &Remote) -> Result<(String, Pairs), DiscoveryError> {
        let url = self.filled(&remote.url, &remote.variables)?;
        Ok((url, self.pairs(&remote.headers)?))
    }

    /// The words behind the program that runs the package, and its environment.
    fn package(&mut self, package: &Package, runner: &str) -> Result<(Vec<String>, Pairs), DiscoveryError> {
        let env = self.pairs(&package.environment_variables)?;
        let mut args = self.arguments(&package.runtime_arguments)?;
        let id = &package.identifier;
        let versioned = |mark: &str| match package.version.as_deref().filter(|version| !version.is_empty()) {
            Some(version) => format!("{id}{mark}{version}"),
            None => id.clone(),
        };
        match runner {
            "docker" | "podman" => {
                let mut run: Vec<String> = ["run", "-i", "--rm"].map(str::to_owned).to_vec();
                // The value goes with the environment, and is not seen in a list of processes.
                run.extend(env.iter().flat_map(|(name, _)| ["-e".to_owned(), name.clone()]));
                args.splice(0..0, run);
                let name = id.rsplit('/').next().unwrap_or(id);
                args.push(if name.contains([':', '@']) { id.clone() } else { versioned(":") });
            }
            "pipx" => args.extend(["run".to_owned(), versioned("==")]),
            "dnx" => args.extend([versioned("@"), "--yes".to_owned()]),
            // It asks before it fetches, and nobody is there to say yes.
            "npx" if !args.iter().any(|arg| arg == "-y" || arg == "--yes") => {
                args.extend(["-y".to_owned(), versioned("@")]);
            }
            _ => args.push(versioned("@")),
        }
        args.extend(self.arguments(&package.package_arguments)?);
        Ok((args, env))
    }

    fn pairs(&mut self, pairs: &[Pair]) -> Result<Pairs, DiscoveryError> {
        let mut found = Vec::new();
        for Pair { name, input } in pairs {
            if let Some(value) = self.value(name, input)? {
                found.push((name.clone(), value));
            }
        }
        Ok(found)
    }

    fn arguments(&mut self, arguments: &[Argument]) -> Result<Vec<String>, DiscoveryError> {
        let mut words = Vec::new();
        for Argument { name, value_hint, input } in arguments {
            match name {
                Some(flag) => {
                    let name = flag.trim_start_matches('-');
                    if input.is_bare() && !self.values.contains_key(name) {
                        words.push(flag.clone());
                        continue;
                    }
                    match self.value(name, input)? {
                        Some(value) if input.is_boolean() => words.extend((value == "true").then(|| flag.clone())),
                        Some(value) => words.extend([flag.clone(), value]),
                        None => {}
                    }
                }
                None => words.extend(self.value(value_hint.as_deref().unwrap_or("value"), input)?),
            }
        }
        Ok(words)
    }

    /// What stands there already, with its variables filled in; or what was given.
    fn value(&mut self, name: &str, input: &Input) -> Result<Option<String>, DiscoveryError> {
        match &input.value {
            Some(value) => self.filled(value, &input.variables).map(Some),
            None => self.given(name, input),
        }
    }

    fn filled(&mut self, text: &str, variables: &BTreeMap<String, Input>) -> Result<String, DiscoveryError> {
        let mut filled = text.to_owned();
        for (name, input) in variables {
            let braced = format!("{{{name}}}");
            if text.contains(&braced) {
                let value = self.value(name, input)?.unwrap_or_default();
                filled = filled.replace(&braced, &value);
            }
        }
        Ok(filled)
    }

    fn given(&mut self, name: &str, input: &Input) -> Result<Option<String>, DiscoveryError> {
        let need = input.need(name);
        let value = self.values.get(name).cloned().or_else(|| need.default.clone());
        if let Some(value) = value.as_ref().filter(|value| !need.choices.is_empty() && !need.choices.contains(value)) {
            let shown = if need.secret { "the value" } else { value };
            let reason = format!("`{name}` is one of `{}`, and not `{shown}`", need.choices.join("`, `"));
            return Err(DiscoveryErrorKind::Given { name: self.server.to_owned(), reason }.into());
        }
        if value.is_none() && need.required {
            self.missing.push(need.clone());
        }
        if !self.asked.contains(&need) {
            self.asked.push(need);
        }
        Ok(value)
    }

    /// The result, if nothing is missing and nothing is too much.
    fn checked<T>(self, made: Result<T, DiscoveryError>) -> Result<T, DiscoveryError> {
        let made = made?;
        let name = self.server.to_owned();
        if let Some(other) = self.values.keys().find(|given| !self.asked.iter().any(|need| need.name == **given)) {
            let known: Vec<_> = self.asked.iter().map(|need| need.name.as_str()).collect();
            let reason = if known.is_empty() {
                format!("`{other}`; it takes nothing")
            } else {
                format!("`{other}`; it takes `{}`", known.join("`, `"))
            };
            return Err(DiscoveryErrorKind::Given { name, reason }.into());
        }
        if self.missing.is_empty() {
            Ok(made)
        } else {
            Err(DiscoveryErrorKind::Missing { name, needs: self.missing }.into())
        }
    }
}

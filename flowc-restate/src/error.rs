use std::error::Error;
use std::fmt;
use std::net::SocketAddr;

/// Why a deployment is not there.
#[derive(Debug)]
pub struct DeployError {
    what: String,
    help: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl DeployError {
    pub(crate) fn name(what: String) -> Self {
        Self { what, help: "give the workflow or the node another name", source: None }
    }

    pub(crate) fn address(at: SocketAddr, error: std::io::Error) -> Self {
        let help = "see that nothing else has the address, or take port 0 for any that is free";
        Self { what: format!("{at} cannot be served"), help, source: Some(Box::new(error)) }
    }

    pub(crate) fn asked(error: ClientError) -> Self {
        let help = "see that the admin address is right and that the server is up";
        Self { what: "Restate could not be asked".to_owned(), help, source: Some(Box::new(error)) }
    }

    pub(crate) fn refused(uri: &str, why: &str) -> Self {
        let help = "see that the server reaches the deployment at this address";
        Self { what: format!("Restate does not take the deployment at {uri}: {why}"), help, source: None }
    }

    pub(crate) fn changed(uri: &str, then: &[String], now: &[String]) -> Self {
        let only = |these: &[String], those: &[String], sign: &'static str| {
            let only = these.iter().filter(|this| !those.contains(this));
            only.flat_map(|this| ["\n", sign, " ", this]).collect::<String>()
        };
        let (old, new) = (only(then, now, "-"), only(now, then, "+"));
        Self {
            what: format!(
                "the deployment at {uri} is another one than was registered there (- then, + now){old}{new}\n"
            ),
            help: "serve each version at an address of its own, and keep the old one until its runs are over",
            source: None,
        }
    }

    /// What a person can do about it.
    pub fn help(&self) -> &str {
        self.help
    }
}

impl fmt::Display for DeployError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
        }
        let between = if self.what.ends_with('\n') { "" } else { "; " };
        write!(f, "{between}{}", self.help)
    }
}

impl Error for DeployError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Why Restate could not be asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// Nobody has answered at this address.
    Unreachable {
        /// The address.
        url: String,
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Restate has answered that it does not do this.
    Refused {
        /// The address.
        url: String,
        /// The number of HTTP.
        status: u16,
        /// What it said.
        message: String,
    },
    /// The answer is not what was expected.
    Unreadable {
        /// The address.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The inputs of the run, or the value of the signal, cannot be written as JSON.
    Unwritable(
        /// Why.
        String,
    ),
    /// TLS cannot be made ready.
    NoTls(
        /// Why.
        String,
    ),
    /// The client was given no admin address, which this needs.
    NoAdmin,
    /// There is no such run.
    Unknown {
        /// Its key.
        run: String,
    },
    /// The run is over.
    Over {
        /// Its key.
        run: String,
    },
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { url, source } => write!(f, "{url} does not answer: {source}"),
            Self::Refused { url, status, message } => write!(f, "{url} refuses ({status}): {message}"),
            Self::Unreadable { url, why } => write!(f, "the answer of {url} cannot be read: {why}"),
            Self::Unwritable(why) => write!(f, "what is to be sent cannot be written as JSON: {why}"),
            Self::NoTls(why) => write!(f, "TLS cannot be made ready: {why}"),
            Self::NoAdmin => f.write_str("this needs the admin address of Restate; give it by `Client::admin`"),
            Self::Unknown { run } => write!(f, "there is no run {run}; see that the key is whole"),
            Self::Over { run } => write!(f, "the run {run} is over"),
        }
    }
}

impl Error for ClientError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreachable { source, .. } => Some(&**source),
            _ => None,
        }
    }
}

/// How a run ended that gave no result.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// It has failed.
    Failed {
        /// What its failure says, as in process: which step, and why.
        message: String,
    },
    /// Somebody has cancelled it.
    Cancelled,
    /// It is not known how it ended, because Restate could not be asked. It may still be going on.
    Client(ClientError),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { message } => f.write_str(message),
            Self::Cancelled => f.write_str("the run was cancelled"),
            Self::Client(error) => write!(f, "it is not known how the run ended: {error}"),
        }
    }
}

impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Client(error) => Some(error),
            _ => None,
        }
    }
}

impl From<ClientError> for RunError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

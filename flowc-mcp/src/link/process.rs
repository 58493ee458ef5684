//! A server that is a program of ours: started in a group of its own, so that nothing of it is left behind.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

use super::ending::Ending;
use crate::config::Program;

/// How long a server that is asked to end may take, each time it is asked.
const PATIENCE: Duration = Duration::from_secs(2);

/// A line of a program's standard error is cut after this.
const LINE: u64 = 4096;

/// What a program sees of our environment: what it needs to run, and nothing that could be a key.
const SEEN: [&str; 26] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "TERM",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "TEMP",
    "TMP",
    "PWD",
    "VIRTUAL_ENV",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMFILES",
    "PATHEXT",
    "COMSPEC",
];

/// The same for what begins so: locales, folders, package managers, proxies.
const SEEN_PREFIXES: [&str; 6] = ["LC_", "XDG_", "npm_config_", "NPM_CONFIG_", "PIP_", "UV_"];

fn is_seen(name: &str) -> bool {
    let proxy = name.to_ascii_lowercase().ends_with("_proxy");
    proxy || SEEN.contains(&name) || SEEN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// A program and its group. When it is dropped, all of them are killed.
pub(super) struct Process {
    child: Child,
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

impl Process {
    /// Starts it. What it writes to its standard error is logged, and the last lines are kept for errors.
    pub(super) fn start(
        program: &Program,
        server: &str,
        ending: &Ending,
    ) -> io::Result<(Self, ChildStdin, ChildStdout)> {
        let mut command = Command::new(&program.command);
        command
            .args(&program.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if !program.inherit_env {
            command.env_clear().envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_seen)));
        }
        command.envs(program.env.iter().map(|(name, value)| (name, value.expose())));
        if let Some(folder) = &program.cwd {
            command.current_dir(folder);
        }
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command
            .spawn()
            .map_err(|error| io::Error::new(error.kind(), format!("`{}` does not start: {error}", program.command)))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(io::Error::other("the program has no pipes"));
        };
        tokio::spawn(listen(stderr, server.to_owned(), ending.clone()));
        #[cfg(unix)]
        let group = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
        let process = Self {
            child,
            #[cfg(unix)]
            group,
        };
        Ok((process, stdin, stdout))
    }

    /// Waits until the program itself has ended. Those that it left behind are killed at once.
    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await;
        self.kill();
        status
    }

    /// Has it end: its input is closed already. It is asked politely, and then it is not asked.
    pub(super) async fn end(&mut self) {
        if tokio::time::timeout(PATIENCE, self.child.wait()).await.is_err() {
            self.signal(false);
            let _ = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        }
        self.kill();
        let _ = self.child.wait().await;
    }

    /// Kills the whole group. The number of a group is not given to others while a member lives; afterwards it might be, so
    /// this happens once.
    fn kill(&mut self) {
        self.signal(true);
        #[cfg(unix)]
        {
            self.group = None;
        }
        let _ = self.child.start_kill();
    }

    #[cfg(unix)]
    fn signal(&self, kill: bool) {
        use rustix::process::{Signal, kill_process_group};
        if let Some(group) = self.group {
            let _ = kill_process_group(group, if kill { Signal::KILL } else { Signal::TERM });
        }
    }

    #[cfg(not(unix))]
    fn signal(&self, _: bool) {}
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Logs what a program writes to its standard error, until it ends.
async fn listen(stderr: ChildStderr, server: String, ending: Ending) {
    let mut lines = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut lines).take(LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end();
        if !text.is_empty() {
            tracing::debug!(server, "{}", ending.redact(text));
            ending.heard(text);
        }
    }
}

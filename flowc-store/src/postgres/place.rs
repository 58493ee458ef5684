//! A database in words, without its password.

use tokio_postgres::Config;
use tokio_postgres::config::Host;

pub(super) fn of(config: &Config) -> String {
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    let hosts: Vec<String> =
        config.get_hosts().iter().enumerate().map(|(place, host)| of_host(config, place, host)).collect();
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("the database of runs `postgres://{user}{}/{database}`", hosts.join(","))
}

fn of_host(config: &Config, place: usize, host: &Host) -> String {
    let ports = config.get_ports();
    // One port may be for all hosts.
    let port = ports.get(place).or(ports.first()).copied().unwrap_or(5432);
    match host {
        Host::Tcp(name) if name.contains(':') => format!("[{name}]:{port}"),
        Host::Tcp(name) => format!("{name}:{port}"),
        #[cfg(unix)]
        Host::Unix(folder) => format!("{}:{port}", folder.display()),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::{Config, of};

    #[test]
    fn a_place_has_no_password() {
        let place = |url| of(&Config::from_str(url).unwrap());
        let text = place("postgres://ada:hunter2@db.example/runs?connect_timeout=3");
        assert_eq!(text, "the database of runs `postgres://ada@db.example:5432/runs`");
        let text = place("host=one,two port=5433 user=ada password=hunter2");
        assert_eq!(text, "the database of runs `postgres://ada@one:5433,two:5433/ada`");
        let text = place("postgres:///runs?host=/run/postgresql");
        assert_eq!(text, "the database of runs `postgres:///run/postgresql:5432/runs`");
    }
}

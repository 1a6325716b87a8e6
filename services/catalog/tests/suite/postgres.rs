//! A PostgreSQL of our own for the time of a test.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

pub struct Cluster {
    bin: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Cluster {
    /// None where PostgreSQL is not installed. Fails the test where it is and does not start.
    pub fn start() -> Option<Self> {
        let bin = newest_installation()?;
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { bin, folder, port };
        if is_root() {
            // The server refuses to run as root; its user must own the folder.
            run(Command::new("chown").arg("postgres").arg(cluster.folder.path()));
        }
        let data = cluster.data();
        run(cluster
            .command("initdb")
            .args(["--auth=trust", "--username=footnote", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "-D"])
            .arg(&data));
        let options =
            format!("-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off -c max_connections=50");
        run(cluster
            .command("pg_ctl")
            .args(["start", "--wait", "--silent", "-o", &options, "-l"])
            .arg(data.join("log"))
            .arg("-D")
            .arg(&data));
        Some(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://footnote@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("cluster")
    }

    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stopped =
            self.command("pg_ctl").args(["stop", "--silent", "-m", "immediate", "-D"]).arg(self.data()).stdout(Stdio::null()).status();
        assert!(stopped.is_ok() || std::thread::panicking(), "the test's PostgreSQL could not be stopped");
    }
}

fn newest_installation() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let version = |path: &Path| path.file_name().and_then(|n| n.to_str()).and_then(|n| n.parse::<u32>().ok());
    let newest = versions.flatten().map(|e| e.path()).max_by_key(|p| version(p))?;
    Some(newest.join("bin")).filter(|bin| bin.join("initdb").is_file())
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|l| l.starts_with("Uid:") && l.split_whitespace().nth(2) == Some("0"))
}

fn run(command: &mut Command) {
    let output = command.current_dir("/").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

use std::{fs, process::Command};

use footnote_tests::{Footnote, with_demo, write};

/// Without any network, not even loopback: nothing needs one, so nothing asks for one.
#[test]
fn everything_works_with_the_network_switched_off() {
    if !Command::new("unshare").args(["-n", "true"]).status().is_ok_and(|s| s.success()) {
        eprintln!("skipped: this user may not switch the network off (unshare -n)");
        return;
    }
    let footnote = Footnote::new();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("visitors.md"), "# Visitors\n\nVisitors sign in at the front desk and wear a yellow badge.\n");
    let cut_off = |args: &[&str]| {
        let inner = footnote.command(args);
        let mut command = Command::new("unshare");
        command.arg("-n").arg(inner.get_program()).args(inner.get_args());
        command.envs(inner.get_envs().filter_map(|(k, v)| Some((k, v?))));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    cut_off(&["ingest", folder.path().to_str().unwrap()]);
    assert!(cut_off(&["search", "badge colour", "--json"]).contains("yellow badge"));
    assert!(cut_off(&["ask", "Which badge do visitors wear?", "--json"]).contains("yellow badge"));
}

/// A library that reports home does so in silence, and a network that is switched off hides it: the system calls don't.
#[test]
fn nothing_tries_to_connect() {
    if !Command::new("strace").arg("true").output().is_ok_and(|o| o.status.success()) {
        eprintln!("skipped: this machine does not let one process watch another (strace)");
        return;
    }
    let footnote = with_demo();
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("visitors.md"), "# Visitors\n\nVisitors sign in at the front desk and wear a yellow badge.\n");
    for args in [&["ingest", folder.path().to_str().unwrap()][..], &["search", "badge"], &["ask", "Which badge do visitors wear?"]] {
        let log = folder.path().join("calls.log");
        let inner = footnote.command(args);
        let mut command = Command::new("strace");
        command.args(["-f", "--seccomp-bpf", "-qq", "-e", "trace=execve,connect,sendto,sendmsg,sendmmsg", "-o"]).arg(&log);
        command.arg(inner.get_program()).args(inner.get_args());
        // Libraries that report home keep quiet where they see that they are being tested.
        command.envs(inner.get_envs().filter_map(|(k, v)| Some((k, v?)))).env_remove("CI");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        let calls = fs::read_to_string(&log).unwrap();
        assert!(calls.contains("execve("), "{calls}");
        // Without an address something goes to a pair of sockets within the process: any other would have to connect first.
        let is_local = |line: &str| line.contains("sendto(") && line.contains(", NULL, 0)");
        let reached_out: Vec<&str> = calls.lines().filter(|l| l.contains("connect(") || (l.contains("send") && !is_local(l))).collect();
        assert!(reached_out.is_empty(), "{args:?}: {reached_out:#?}");
    }
}

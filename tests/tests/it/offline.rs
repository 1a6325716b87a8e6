use std::process::Command;

use footnote_tests::{Footnote, write};

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

//! How much memory may still be taken: of the machine, and of the control group (a container's limit) it runs in.

use std::{fs, path::Path};

const CGROUPS: &str = "/sys/fs/cgroup";

/// Bytes; `None` where the system doesn't say (it is not Linux). What the system only keeps in case it is read again
/// counts as free.
pub(crate) fn bytes() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| Some(field(&text, "MemAvailable:")? << 10));
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    machine.into_iter().chain(of_groups(Path::new(CGROUPS), &groups)).min()
}

/// The least that is left in the group or in one of those around it. `own` is what /proc/self/cgroup says.
fn of_groups(root: &Path, own: &str) -> Option<u64> {
    let mut least = None;
    for line in own.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let (root, files) = match controllers {
            "" => (root.to_owned(), ["memory.max", "memory.current", "inactive_file", "active_file"]),
            "memory" => {
                (root.join("memory"), ["memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "total_active_file"])
            }
            _ => continue,
        };
        let group = root.join(path.trim_start_matches('/'));
        let around = group.ancestors().take_while(|folder| folder.starts_with(&root));
        // In a container, the path may be one that only the host sees: the root is the container's own.
        least = around.chain([root.as_path()]).filter_map(|folder| left(folder, files)).chain(least).min();
    }
    least
}

fn left(group: &Path, [limit, used, inactive, active]: [&str; 4]) -> Option<u64> {
    let number = |name: &str| fs::read_to_string(group.join(name)).ok()?.trim().parse::<u64>().ok();
    let (limit, used) = (number(limit)?, number(used)?);
    let kept = fs::read_to_string(group.join("memory.stat")).unwrap_or_default();
    let kept = [inactive, active].iter().filter_map(|name| field(&kept, name)).sum();
    Some(limit.saturating_sub(used.saturating_sub(kept)))
}

/// The number after a name at the beginning of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.split_whitespace().next().filter(|first| *first == name).map(|_| line))?;
    value.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_group_counts_and_kept_files_are_free() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("service/footnote");
        fs::create_dir_all(&inner).unwrap();
        let write = |folder: &Path, name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        write(&inner, "memory.max", "max\n");
        write(&inner, "memory.current", "100\n");
        let outer = inner.parent().unwrap();
        write(outer, "memory.max", "1000\n");
        write(outer, "memory.current", "700\n");
        write(outer, "memory.stat", "anon 300\ninactive_file 250\nactive_file 50\n");
        assert_eq!(of_groups(root.path(), "0::/service/footnote\n"), Some(600));
        assert_eq!(of_groups(root.path(), "0::/\n"), None);
        assert_eq!(of_groups(root.path(), ""), None);
    }

    #[test]
    fn the_older_kind_of_groups_is_read_too() {
        let root = tempfile::tempdir().unwrap();
        let memory = root.path().join("memory");
        fs::create_dir_all(&memory).unwrap();
        for (name, text) in [("limit_in_bytes", "500"), ("usage_in_bytes", "200"), ("stat", "total_inactive_file 20\n")] {
            fs::write(memory.join(format!("memory.{name}")), text).unwrap();
        }
        assert_eq!(of_groups(root.path(), "5:cpu:/x\n4:memory:/docker/abc\n"), Some(320));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machine_says() {
        assert!(bytes().is_some_and(|free| free > 1 << 20));
    }
}

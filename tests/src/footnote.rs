use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use extraction::isolation::{Conversion, Helpers, Limits, Program, TextRecognition, Workers};
use serde_json::Value;
use tempfile::TempDir;

use crate::root;

/// The binary with a data directory of its own.
pub struct Footnote {
    pub data: PathBuf,
    /// Names and values of environment variables.
    settings: Vec<(String, String)>,
    config: Option<PathBuf>,
    _folder: TempDir,
}

/// What a command printed.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The lines of standard output as JSON.
    #[must_use]
    pub fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e} in {l}"))).collect()
    }

    /// The only line of standard output as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        self.json_lines().pop().unwrap_or_else(|| panic!("no output; standard error: {}", self.stderr))
    }

    /// Fails the test unless the command succeeded.
    #[must_use]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.stdout, self.stderr);
        self
    }
}

impl Footnote {
    /// With an empty data directory.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { data: folder.path().join("data"), settings: Vec::new(), config: None, _folder: folder }
    }

    /// With a setting, as the environment gives it: "serve.address".
    #[must_use]
    pub fn set(mut self, key: &str, value: &str) -> Self {
        self.settings.push((format!("FOOTNOTE_{}", key.to_uppercase().replace('.', "__")), value.to_owned()));
        self
    }

    /// With a copy of a data directory.
    #[must_use]
    pub fn with_data(from: &Path) -> Self {
        let this = Self::new();
        copy_folder(from, &this.data);
        this
    }

    /// With a configuration file.
    #[must_use]
    pub fn set_file(mut self, path: &Path) -> Self {
        self.config = Some(path.to_owned());
        self
    }

    /// A command that is not started yet.
    #[must_use]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        if let Some(config) = &self.config {
            command.arg("--config").arg(config);
        }
        command.arg("--data-dir").arg(&self.data).args(args).stdin(Stdio::null()).env_remove("RUST_LOG");
        command.envs(self.settings.iter().map(|(key, value)| (key, value)));
        for (variable, folder) in [("FOOTNOTE_MODELS_DIR", "models"), ("FOOTNOTE_LIB_DIR", "lib")] {
            if env::var_os(variable).is_none() {
                command.env(variable, root().join(folder));
            }
        }
        command
    }

    #[must_use]
    pub fn run(&self, args: &[&str]) -> Run {
        let output = self.command(args).output().expect("the binary: run `make build`");
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The processes of the real binary that read files.
    #[must_use]
    pub fn workers(&self) -> Workers {
        let libraries = env::var_os("FOOTNOTE_LIB_DIR").map_or_else(|| root().join("lib"), PathBuf::from);
        let limits = Limits::default();
        let memory = OsString::from(limits.memory.to_string());
        let program = Program {
            path: binary(),
            worker: vec!["read-files".into(), libraries.join("libpdfium.so").into(), memory.clone()],
            tool: vec!["run-tool".into(), memory],
        };
        let helpers = Helpers {
            recognition: TextRecognition::new(program.clone(), vec!["eng".into()], 2),
            conversion: Conversion::new(program.clone(), limits, 2),
        };
        Workers::new(program, limits, helpers, 2)
    }

    #[must_use]
    pub fn start(&self, args: &[&str]) -> Child {
        self.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary: run `make build`")
    }

    /// Ingests and returns the JSON lines of what was done.
    pub fn ingest(&self, path: &Path) -> Vec<Value> {
        let mut lines = self.run(&["ingest", "--json", path.to_str().expect("UTF-8")]).json_lines();
        lines.retain(|line| line["status"] != "reading");
        lines
    }

    /// Path, ordinal order and text of everything that is live: equal for equal documents, whatever their ids.
    #[must_use]
    pub fn contents(&self) -> Vec<(String, i64, String)> {
        let documents = self.run(&["documents", "list", "--json"]).ok().json_lines();
        let mut contents: Vec<_> = documents
            .iter()
            .map(|d| {
                let text = self.run(&["documents", "text", d["id"].as_str().unwrap_or_default()]).ok().stdout;
                (d["path"].as_str().unwrap_or_default().to_owned(), d["passage_count"].as_i64().unwrap_or_default(), text)
            })
            .collect();
        contents.sort();
        contents
    }
}

impl Default for Footnote {
    fn default() -> Self {
        Self::new()
    }
}

/// Beside the folder of the test binaries: `make test` builds it first.
fn binary() -> PathBuf {
    let test = env::current_exe().expect("this binary");
    let folder = test.ancestors().nth(2).expect("a build folder");
    folder.join("footnote")
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

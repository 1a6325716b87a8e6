//! The command line. Stable: tests and evaluation rely on it.

use std::{ffi::OsString, net::SocketAddr, path::PathBuf};

use catalog::Filter;
use clap::{Args, Parser, Subcommand, ValueEnum};
use search::{FilterError, WrittenFilter};

/// Answers questions from your company's documents, with a footnote for every sentence.
#[derive(Debug, Parser)]
#[command(name = "footnote", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    /// Folder that holds catalog, index and originals
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Configuration file (TOML); FOOTNOTE_* variables override it
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read files and folders into a collection: only what is new or changed
    Ingest(IngestArgs),
    /// Show what is read of a file: pages, headings, tables, and with --json the places of the words
    Extract(ExtractArgs),
    /// Find passages
    Search(SearchArgs),
    /// Answer a question from the documents, with citations
    Ask(AskArgs),
    /// List, show and delete documents
    #[command(subcommand)]
    Documents(DocumentsCommand),
    /// The answers that were given: who was told what, and from which text
    #[command(subcommand)]
    Answers(AnswersCommand),
    /// Who may sign in to the portal
    #[command(subcommand)]
    Users(UsersCommand),
    /// Give groups the right to read a collection, or take it away
    #[command(subcommand)]
    Collections(CollectionsCommand),
    /// The trail of who did what: is it what was written?
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Look at a language model before it is put to use
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Compare the index with the catalog, and mend what differs
    Doctor(DoctorArgs),
    /// Show the configuration and where each value comes from
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Run the portal
    Serve(ServeArgs),
    /// Measure how good retrieval and answers are, with questions whose answers are known
    Eval(EvalArgs),
    /// Measure embedding and search on a corpus of your own
    Bench(BenchArgs),
    #[command(hide = true)]
    ReadFiles(ReadFilesArgs),
    #[command(hide = true)]
    RunTool(RunToolArgs),
}

#[derive(Debug, Args)]
pub struct IngestArgs {
    /// Files or folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Collection to put them into; made if there is none of that name
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub collection: String,
    /// One JSON object a document, and some on the way for those that take long
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// The file to read
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// The process that reads files: started by `ingest`, `extract` and `serve`, not by people.
#[derive(Debug, Args)]
pub struct ReadFilesArgs {
    /// Where libpdfium.so is
    pub library: PathBuf,
    /// Address space, in bytes
    pub memory: u64,
}

/// A program that reads files for them, bound in the same way.
#[derive(Debug, Args)]
pub struct RunToolArgs {
    /// Address space, in bytes
    pub memory: u64,
    /// Where it may make files
    #[arg(long)]
    pub folder: Option<PathBuf>,
    pub program: PathBuf,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    /// What to look for
    pub query: String,
    /// How many passages, at most; those that follow each other are shown as one
    #[arg(short, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub k: u16,
    /// Only in this collection
    #[arg(long, value_name = "NAME")]
    pub collection: Option<String>,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// By words, by meaning, or both
    #[arg(long, value_enum, default_value_t = Mode::Hybrid)]
    pub mode: Mode,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// Which documents to look in.
#[derive(Debug, Args)]
pub struct FilterArgs {
    /// Only in documents of this type: pdf, docx, xlsx, html, mail … ; several are separated by commas
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    types: Vec<String>,
    /// Only in documents in this language (de, en …); several are separated by commas
    #[arg(long, value_name = "LANGUAGE", value_delimiter = ',')]
    language: Vec<String>,
    /// Only in documents of this day (year-month-day) or later
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only in documents of this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

impl FilterArgs {
    /// # Errors
    /// A value is none of its kind, or empty: a script that meant to filter would be given everything.
    pub fn read(self) -> Result<Filter, FilterError> {
        let Self { types, language, since, until } = self;
        let is_empty = |values: &[String]| !values.is_empty() && values.iter().all(|value| value.trim().is_empty());
        for (name, values) in
            [("--type", &types[..]), ("--language", &language), ("--since", since.as_slice()), ("--until", until.as_slice())]
        {
            if is_empty(values) {
                return Err(FilterError::Empty(name));
            }
        }
        let [since, until] = [since, until].map(Option::unwrap_or_default);
        WrittenFilter { formats: types.join(","), languages: language.join(","), since, until }.read()
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Mode {
    Hybrid,
    Lexical,
    Dense,
}

impl From<Mode> for search::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Hybrid => Self::Hybrid,
            Mode::Lexical => Self::Lexical,
            Mode::Dense => Self::Dense,
        }
    }
}

#[derive(Debug, Args)]
pub struct AskArgs {
    /// The question, in plain words
    pub question: String,
    /// The answer that this question follows, by its id; "last" is the latest
    #[arg(long, value_name = "ANSWER")]
    pub after: Option<String>,
    /// Only from this collection
    #[arg(long, value_name = "NAME")]
    pub collection: Option<String>,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum AnswersCommand {
    /// The latest answers
    List {
        /// How many
        #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
        count: u32,
        #[arg(long)]
        json: bool,
    },
    /// The whole record of an answer, as JSON
    Show {
        /// Its id, or "last"
        answer: String,
    },
    /// Judge an answer again: do its quotes still stand where they stood, and is each sentence judged as it was?
    Replay {
        /// Its id, or "last"
        answer: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum DocumentsCommand {
    /// All documents
    List {
        #[arg(long, value_name = "NAME")]
        collection: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// What is known of a document
    Show {
        /// Id, path, file name or title
        document: String,
        #[arg(long)]
        json: bool,
    },
    /// The stored text, exactly
    Text {
        /// Id, path, file name or title
        document: String,
        /// Only this page
        #[arg(long, value_name = "N")]
        page: Option<i32>,
    },
    /// Delete documents with all that is stored of them; the files they came from stay
    Delete {
        /// Ids, paths, file names or titles
        #[arg(required = true)]
        documents: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum UsersCommand {
    /// Everybody, with roles and groups
    List {
        #[arg(long)]
        json: bool,
    },
    /// Invite somebody, and print the link by which they choose a password
    Invite {
        /// What they sign in with
        email: String,
        #[arg(long, value_name = "NAME")]
        name: String,
        #[arg(long, value_enum, default_value_t = Role::Reader)]
        role: Role,
        /// Groups to put them into, made if there is none of that name; several are separated by commas
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        groups: Vec<String>,
    },
    /// Print a link by which somebody chooses a new password
    Reset { email: String },
    /// End their sessions; they can't sign in any more
    Disable { email: String },
    /// Let them sign in again
    Enable { email: String },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Role {
    Reader,
    Editor,
    Auditor,
    Administrator,
}

#[derive(Debug, Subcommand)]
pub enum CollectionsCommand {
    /// All collections, with the groups that may read them
    List {
        #[arg(long)]
        json: bool,
    },
    /// Give a group a right in a collection; both are made if there is none of that name
    Grant {
        collection: String,
        /// Name of the group; "Everyone" is everybody who can sign in
        group: String,
        #[arg(value_enum)]
        access: Access,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Access {
    None,
    Read,
    Edit,
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Look at every record, and at the answers that they tell of; exit status 1 if anything was changed
    Verify {
        /// A number and hash that were kept elsewhere, as an earlier run printed them: NUMBER:HASH
        #[arg(long, value_name = "NUMBER:HASH")]
        known: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// All records, oldest first, as JSON lines
    Export,
    /// Write what people do as users under pseudonyms from now on, or under their names again
    Privacy {
        #[arg(value_enum, value_name = "on|off")]
        privacy: OnOff,
    },
    /// Forget records that are older, which is itself recorded
    Forget {
        /// Days to keep
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..))]
        keep: u16,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnOff {
    On,
    Off,
}

#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Load a GGUF file, tell what it is and whether it can be used here, and measure how fast it is
    Check {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Every setting, its value and its source
    Show,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// The suite: a TOML file that names documents and questions (docs/evaluation.md); or "exam": what the language model makes of
    /// sources that are given to it
    #[arg(value_name = "SUITE")]
    pub suite: PathBuf,
    /// Measure retrieval only
    #[arg(long)]
    pub no_answers: bool,
    /// Ask only N questions, spread evenly over the suite
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub questions: Option<u32>,
    /// Compare with this earlier result (JSON), in place of the last one
    #[arg(long, value_name = "RESULT")]
    pub baseline: Option<PathBuf>,
    /// As --baseline, and fail if a measure is worse by more than the suite's tolerance
    #[arg(long, value_name = "RESULT", conflicts_with = "baseline")]
    pub gate: Option<PathBuf>,
    /// Write the result (JSON and HTML) into this folder, in place of one in the data directory
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The whole result as one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Holds corpus.jsonl and queries.dev.jsonl: {"id","text"} and {"question","gold_ids"} a line
    pub set: PathBuf,
    /// Embedding model file, in place of the configured one
    #[arg(long, value_name = "FILE")]
    pub model: Option<String>,
    /// Ask only the first N questions
    #[arg(long, value_name = "N")]
    pub queries: Option<usize>,
    /// Embed only the first N passages
    #[arg(long, value_name = "N")]
    pub passages: Option<usize>,
    /// Make the index in this new folder and keep it, for use as --data-dir
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

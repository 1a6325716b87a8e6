//! Compiles what computes in llama.cpp a second time, for AVX-512, under names of its own, so that one program has both.
//!
//! The commands are those by which llama.cpp was compiled (`compile_commands.json` of its build), with more instructions. The
//! objects are joined into one in which everything but the entry is local: also what C++ compiles into every object alike and of which
//! the linker would keep one for all, possibly that with AVX-512.

#![expect(clippy::disallowed_methods, reason = "compilers are run where it is built, not where it is used")]

use std::{
    env,
    ffi::OsStr,
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde::Deserialize;

/// What servers with AVX-512 and VNNI have, since Cascade Lake (Intel, 2019) and Zen 4 (AMD, 2022); `src/lib.rs` asks for the same.
const INSTRUCTIONS: [&str; 6] = ["-mavx512f", "-mavx512cd", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mavx512vnni"];
/// Names that are one in the whole program can't be made local. Clang makes none, and doesn't know the option.
const WITHOUT_UNIQUE: &str = "-fno-gnu-unique";
/// The one function of the kernels that is called by name, and the name that it gets.
const ENTRY: &str = "ggml_backend_cpu_reg";
const RENAMED: &str = "footnote_avx512_cpu_reg";
/// Part of the build of llama.cpp that is compiled again.
const PART: &str = "ggml-cpu.dir";

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Deserialize)]
struct Compilation {
    directory: PathBuf,
    command: String,
}

impl Compilation {
    /// The compiler and its arguments.
    fn words(&self) -> Result<Vec<String>> {
        let words = shlex::split(&self.command).filter(|words| !words.is_empty());
        words.ok_or_else(|| format!("a command of the build of llama.cpp can't be read: {}", self.command).into())
    }

    /// Whether it is for this machine or a kind of its own choice (`target-cpu`), not for every server.
    fn is_for_another(&self) -> Result<bool> {
        let chosen = |word: &String| word.starts_with("-mavx512") || (word.starts_with("-march=") && word != "-march=x86-64");
        Ok(self.words()?.iter().any(chosen))
    }
}

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(avx512)");
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}"));
    if target("ARCH")? != "x86_64" || target("OS")? != "linux" {
        return Ok(());
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let commands = compilations(&llama_build()?)?;
    let first = commands.first().ok_or("llama.cpp was built without a part for processors")?;
    if first.is_for_another()? {
        return Ok(());
    }
    let tools = Tools::of(&first.words()?[0])?;
    let objects = compile(&commands, &out)?;
    archive(&objects, &tools, &out)?;
    println!("cargo::rustc-cfg=avx512");
    println!("cargo::rustc-link-search=native={}", out.display());
    println!("cargo::rustc-link-lib=static=footnote-avx512");
    Ok(())
}

/// The folder in which llama.cpp was built; its package tells where its CMake files are (`OUT/lib/cmake`).
fn llama_build() -> Result<PathBuf> {
    let cmake = PathBuf::from(env::var("DEP_LLAMA_GGML_CMAKE_DIR")?);
    let out = cmake.ancestors().nth(2).ok_or("llama.cpp was built in a folder of another form")?;
    Ok(out.join("build"))
}

fn compilations(build: &Path) -> Result<Vec<Compilation>> {
    let list = fs::read(build.join("compile_commands.json"))?;
    let mut all: Vec<Compilation> = serde_json::from_slice(&list)?;
    all.retain(|each| each.command.contains(PART));
    Ok(all)
}

fn compile(commands: &[Compilation], out: &Path) -> Result<Vec<PathBuf>> {
    let next = AtomicUsize::new(0);
    let jobs = env::var("NUM_JOBS").ok().and_then(|jobs| jobs.parse().ok()).unwrap_or(NonZeroUsize::MIN).get();
    let work = || -> Result<Vec<PathBuf>> {
        let mut objects = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(compilation) = commands.get(at) else { return Ok(objects) };
            let object = out.join(format!("{at:02}.o"));
            run(&mut again(compilation, &object)?)?;
            objects.push(object);
        }
    };
    let mut objects = thread::scope(|scope| -> Result<Vec<PathBuf>> {
        let workers: Vec<_> = (0..jobs.min(commands.len())).map(|_| scope.spawn(work)).collect();
        let mut objects = Vec::new();
        for worker in workers {
            objects.extend(worker.join().map_err(|_| "a thread that compiles panicked")??);
        }
        Ok(objects)
    })?;
    objects.sort();
    Ok(objects)
}

/// The same command, with more instructions and another object.
fn again(compilation: &Compilation, object: &Path) -> Result<Command> {
    let words = compilation.words()?;
    let mut words = words.into_iter();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.current_dir(&compilation.directory);
    while let Some(word) = words.next() {
        if word == "-o" {
            words.next();
        } else {
            command.arg(word);
        }
    }
    if knows(command.get_program(), WITHOUT_UNIQUE) {
        command.arg(WITHOUT_UNIQUE);
    }
    // What is in objects for link-time optimization can't be made local.
    command.args(INSTRUCTIONS).arg("-fno-lto").arg("-o").arg(object);
    Ok(command)
}

fn knows(compiler: &OsStr, option: &str) -> bool {
    let output = Command::new(compiler).args([option, "-E", "-x", "c++", "/dev/null"]).output();
    output.is_ok_and(|output| output.status.success())
}

fn archive(objects: &[PathBuf], tools: &Tools, out: &Path) -> Result<()> {
    let joined = out.join("joined.o");
    run(Command::new(&tools.linker).args(["-r", "--force-group-allocation", "-o"]).arg(&joined).args(objects))?;
    // Two steps: what is kept is looked up by the name before.
    run(Command::new(&tools.objcopy).arg(format!("--keep-global-symbol={ENTRY}")).arg(&joined))?;
    run(Command::new(&tools.objcopy).arg(format!("--redefine-sym={ENTRY}={RENAMED}")).arg(&joined))?;
    check(&joined, tools)?;
    let library = out.join("libfootnote-avx512.a");
    if library.exists() {
        fs::remove_file(&library)?;
    }
    run(Command::new(&tools.ar).arg("crs").arg(library).arg(&joined)).map(drop)
}

/// What is run before `main` would be run on every processor, and so would code that another part of the program finds by its name.
fn check(joined: &Path, tools: &Tools) -> Result<()> {
    let sections = run(Command::new(&tools.objdump).arg("-h").arg(joined))?;
    if [".init_array", ".ctors", ".preinit_array"].iter().any(|name| sections.contains(name)) {
        return Err("a part of llama.cpp computes before the program begins: it can't be compiled for AVX-512 alone".into());
    }
    let names = run(Command::new(&tools.nm).args(["--defined-only", "--format=posix"]).arg(joined))?;
    // Name, kind, address. A capital, `u`, `v` and `w` are known outside; `i` is a function that chooses another one at the start.
    let kind = |line: &&str| line.split(' ').nth(1).and_then(|kind| kind.chars().next()).unwrap_or_default();
    let outside: Vec<&str> = names.lines().filter(|line| kind(line).is_ascii_uppercase() || "uvwi".contains(kind(line))).collect();
    match outside.as_slice() {
        [entry] if entry.starts_with(&format!("{RENAMED} T ")) => Ok(()),
        _ => Err(format!("of the code for AVX-512 only {RENAMED} may be found by its name: {outside:?}").into()),
    }
}

/// Those that belong to the compiler. The linker is GNU's: others don't join objects so.
struct Tools {
    linker: PathBuf,
    objcopy: PathBuf,
    objdump: PathBuf,
    nm: PathBuf,
    ar: PathBuf,
}

impl Tools {
    fn of(compiler: &str) -> Result<Self> {
        let tool =
            |name: &str| -> Result<PathBuf> { Ok(run(Command::new(compiler).arg(format!("-print-prog-name={name}")))?.trim().into()) };
        Ok(Self { linker: tool("ld.bfd")?, objcopy: tool("objcopy")?, objdump: tool("objdump")?, nm: tool("nm")?, ar: tool("ar")? })
    }
}

/// What it writes.
fn run(command: &mut Command) -> Result<String> {
    let output = command.output().map_err(|error| format!("{command:?} could not be run: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr)).into())
}

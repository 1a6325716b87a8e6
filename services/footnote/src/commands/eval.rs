use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use assistant::Writer;
use catalog::Reader;
use evaluation::{
    answers,
    compare::{Comparison, Moved},
    page,
    report::{Asked, Report, Setup},
    retrieval::{self, MODES, Pages},
    suite::{self, Documents, Question, Suite},
};
use search::Mode;

use crate::{app::App, cli::EvalArgs, config::Config, output};

/// Collection of the documents that a suite names.
const COLLECTION: &str = "evaluation";
/// Questions that are named when a run is compared.
const NAMED: usize = 5;

pub async fn run(config: &Config, args: EvalArgs) -> Result<ExitCode> {
    let path = args.suite.clone();
    let mut suite = tokio::task::spawn_blocking(move || Suite::load(&path)).await??;
    if let Some(count) = args.questions {
        suite.questions = spread(suite.questions, count as usize);
    }
    let mut earlier = args.gate.as_deref().or(args.baseline.as_deref()).map(Report::load).transpose()?;
    if let Some(earlier) = &mut earlier {
        Comparison::check(earlier, suite.questions.iter().map(|question| (question.id.as_str(), question.text.as_str())))?;
        if args.no_answers {
            earlier.answers = None;
        }
    }
    let folder = config.data_dir.join("evaluation").join(folder_name(&args.suite)?);
    let measured = tokio::select! {
        measured = measure(config, &args, &suite, &folder) => measured?,
        _ = tokio::signal::ctrl_c() => bail!("stopped; what is indexed stays, the questions are asked again by the next run"),
    };

    let results = args.out.clone().unwrap_or_else(|| folder.join("results"));
    fs::create_dir_all(&results).with_context(|| format!("{} cannot be made", results.display()))?;
    let earlier = match earlier {
        Some(earlier) => Some(Comparison::new(&earlier, &measured)?),
        // Of other questions there is nothing to compare.
        None => last_result(&results).and_then(|last| Comparison::new(&Report::load(&last).ok()?, &measured).ok()),
    };
    let written = write(&results, &measured, earlier.as_ref())?;
    if args.json {
        output::json(&measured)?;
    } else {
        print(&measured, earlier.as_ref());
        output::line(&format!("\n{}", written.display()));
    }
    let Some(comparison) = earlier.filter(|_| args.gate.is_some()) else { return Ok(ExitCode::SUCCESS) };
    let worse = comparison.regressions(suite.tolerance);
    for change in &worse {
        let (before, now) = (change.before * 100.0, change.now * 100.0);
        output::note(&format!("footnote: worse than the baseline: {}: {before:.1}%, now {now:.1}%", change.name));
    }
    for name in &comparison.missing {
        output::note(&format!("footnote: the baseline has a measure that this run lacks: {name}"));
    }
    Ok(if worse.is_empty() && comparison.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(config: &Config, args: &EvalArgs, suite: &Suite, folder: &Path) -> Result<Report> {
    let (app, collection) = open(config, suite, folder).await?;
    let reader = app.reader(collection).await?;
    let writer = if suite.answers && !args.no_answers { Some(App::writer(config).await) } else { None };
    if let Some(Writer::Nobody(Some(reason))) = &writer {
        bail!("{reason}");
    }
    let language_model = writer.as_ref().and_then(Writer::model).map(|generator| generator.identity().name.clone());
    let assistant = writer.map(|writer| app.assistant_with(writer, false));
    let bar = output::bar(suite.questions.len() as u64, "questions");
    let retriever = app.retriever();
    let mut asked = Vec::with_capacity(suite.questions.len());
    let mut pages = Pages::new(&reader).await?;
    for question in &suite.questions {
        let findable = pages.have(question).await?;
        let mut searched = Vec::new();
        for mode in MODES {
            searched.push((mode, retrieval::search(&retriever, &reader, question, findable, mode).await?));
        }
        let answer = match &assistant {
            Some(assistant) => answers::ask(assistant, &reader, question).await?,
            None => None,
        };
        asked.push(Asked::new(question, searched, answer));
        bar.inc(1);
    }
    bar.finish_and_clear();
    let reranking_model = config.reranker().map(|reranker| reranker.directory.join(reranker.model_file).display().to_string());
    let setup = Setup { reranking_model, ..setup(&app, &reader, language_model).await? };
    Ok(Report::new(suite.title.clone(), setup, asked))
}

/// The index that the suite asks, up to date; and the collection of it, if only one is meant.
async fn open<'s>(config: &Config, suite: &'s Suite, folder: &Path) -> Result<(App, Option<&'s str>)> {
    if let Documents::Live { collection } = &suite.source {
        return Ok((App::open_to_search(config, "eval").await?, collection.as_deref()));
    }
    let config = Config { data_dir: data_folder(folder, &suite.source)?, ..config.clone() };
    let app = App::open(&config, "eval").await?.with_reranker(&config).await?;
    let ingest = app.ingest(&config)?;
    let bar = output::bar(0, "documents");
    let show = |event| match event {
        ingest::Event::Discovered { files, .. } => bar.set_length(files as u64),
        ingest::Event::Document(outcome) => {
            bar.inc(1);
            if let Some(error) = &outcome.error {
                bar.suspend(|| output::note(&output::one_line(&format!("{}: {error}", outcome.path))));
            }
        }
        ingest::Event::Notice(what) => bar.suspend(|| output::note(&what)),
        ingest::Event::Embedded { .. } | ingest::Event::Reading(_) => {}
    };
    let summary = match &suite.source {
        Documents::Files(paths) => ingest.run(paths, COLLECTION, show).await?,
        Documents::Corpus(path) => {
            let path = path.clone();
            let texts = tokio::task::spawn_blocking(move || suite::corpus(&path)).await??;
            ingest.run_texts(texts.into_iter().map(text).collect(), COLLECTION, show).await?
        }
        Documents::Live { .. } => ingest::Summary::default(),
    };
    bar.finish_and_clear();
    if summary.indexed + summary.unchanged == 0 {
        bail!("no document of the suite could be read: check its paths");
    }
    Ok((app, None))
}

fn text(text: suite::Text) -> ingest::Text {
    ingest::Text { path: format!("/{}.txt", text.id), title: Some(text.title).filter(|title| !title.is_empty()), text: text.text }
}

async fn setup(app: &App, reader: &Reader, language_model: Option<String>) -> Result<Setup> {
    Ok(Setup {
        footnote: env!("CARGO_PKG_VERSION").to_owned(),
        embedding_model: app.embedder.fingerprint().to_owned(),
        reranking_model: None,
        language_model,
        documents: reader.document_count(&catalog::DocumentFilter::default()).await?,
        passages: app.catalog.system().counts().await?.passages,
    })
}

/// Every so manyeth, so that a part of a suite is like the whole.
fn spread(questions: Vec<Question>, count: usize) -> Vec<Question> {
    let all = questions.len();
    questions.into_iter().enumerate().filter(|(at, _)| at * count / all != (at + 1) * count / all).map(|(_, question)| question).collect()
}

/// Suites of the same name in different folders have folders of their own.
fn folder_name(suite: &Path) -> Result<String> {
    let absolute = std::path::absolute(suite)?;
    let hash: String = blake3::hash(absolute.as_os_str().as_encoded_bytes()).to_hex().chars().take(8).collect();
    Ok(format!("{}-{hash}", absolute.file_stem().unwrap_or_default().to_string_lossy()))
}

/// The suite's own index. With other sources it begins anew: what only the earlier ones hold would be found, too.
fn data_folder(folder: &Path, source: &Documents) -> Result<PathBuf> {
    let hash: String = blake3::hash(format!("{source:?}").as_bytes()).to_hex().chars().take(8).collect();
    let name = format!("data-{hash}");
    let is_old = |path: &PathBuf| {
        let own = path.file_name().unwrap_or_default().to_string_lossy();
        own.starts_with("data") && own != name
    };
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    for old in entries.filter(is_old) {
        fs::remove_dir_all(&old).with_context(|| format!("{} cannot be deleted: delete it", old.display()))?;
    }
    Ok(folder.join(name))
}

/// The newest of a folder: their names are times.
fn last_result(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).max()
}

/// Returns the page's path.
fn write(folder: &Path, report: &Report, comparison: Option<&Comparison>) -> Result<PathBuf> {
    let name = folder.join(report.made_at.format("%Y-%m-%dT%H-%M-%S").to_string());
    let (json, html) = (name.with_extension("json"), name.with_extension("html"));
    let failed = |path: &Path| format!("{} cannot be written", path.display());
    fs::write(&json, serde_json::to_vec(report)?).with_context(|| failed(&json))?;
    fs::write(&html, page::render(report, comparison)?).with_context(|| failed(&html))?;
    Ok(html)
}

fn print(report: &Report, comparison: Option<&Comparison>) {
    let Setup { documents, passages, .. } = &report.setup;
    output::line(&output::strong(&output::one_line(&report.suite)));
    output::line(&format!("{} questions, {documents} documents in {passages} passages\n", report.questions.len()));
    let names = ["Hit@1", "Hit@5", "R@1", "R@5", "R@10", "All@5", "All@10", "MRR@10", "nDCG@10", "MAP@10"];
    for (number, row) in report.retrieval.iter().enumerate() {
        if number == 0 || report.retrieval[number - 1].target != row.target {
            let head: String = names.iter().map(|name| format!("{name:>8}")).collect();
            output::line(&format!("{:<42}{head}", format!("{} ({} questions)", row.target.name(), row.ranking.questions)));
        }
        let measures = row.ranking.measures();
        let values = measures.iter().filter(|(name, _)| names.contains(name)).map(|(_, value)| format!("{value:>8.3}"));
        output::line(&format!("  {:<40}{}", row.mode.as_str(), values.collect::<String>()));
    }
    let times = report.search_ms(Mode::Hybrid);
    output::line(&format!("\nhybrid search: {:.1} ms half the time, {:.1} ms in 99 of 100", times.p50, times.p99));
    if let Some(answers) = &report.answers {
        for (what, kinds) in [("answerable", answers.answerable), ("unanswerable", answers.unanswerable)] {
            if kinds.all() > 0 {
                let (answered, quoted, abstained) = (kinds.answered, kinds.quoted, kinds.abstained);
                output::line(&format!("{} {what}: {answered} answered, {quoted} quoted, {abstained} abstained", kinds.all()));
            }
        }
        let times = answers.total_ms;
        output::line(&format!("answers: {:.0} ms half the time, {:.0} ms in 90 of 100", times.p50, times.p90));
    }
    output::line("");
    let before = |name: &str| comparison.and_then(|c| c.measures.iter().find(|change| change.name == name));
    for (name, value) in report.headlines() {
        let change = before(&name).map_or_else(String::new, |change| format!("  was {:>5.1}%", change.before * 100.0));
        output::line(&format!("{name:<50}{:>6.1}%{change}", value * 100.0));
    }
    if let Some(comparison) = comparison {
        for (what, moved) in [("worse", &comparison.worse), ("better", &comparison.better)] {
            output::line(&format!("\n{} questions came out {what} than in the earlier run", moved.len()));
            moved.iter().take(NAMED).for_each(named);
        }
    }
}

fn named(moved: &Moved) {
    output::line(&output::faint(&output::one_line(&format!("  {}: {}", moved.question, moved.changes.join(", ")))));
}

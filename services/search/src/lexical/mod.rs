//! The half that searches by words: tantivy finds candidates, [`bm25`] says how good they are.

mod analysis;
mod bm25;
mod candidates;
mod identifiers;
mod language;
pub(crate) mod spelling;
pub(crate) mod synonyms;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    num::NonZero,
    ops::{Bound, Range},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use catalog::{Filter, PassageId, RevisionId, Scope};
use chrono::NaiveDate;
use tantivy::{
    DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, SegmentReader, TantivyDocument, TantivyError, Term,
    columnar::Column,
    directory::MmapDirectory,
    indexer::LogMergePolicy,
    query::{BooleanQuery, BoostQuery, Occur, Query, RangeQuery, TermQuery, TermSetQuery},
    schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{Language, PreTokenizedString, TextAnalyzer, Token},
};
use uuid::Uuid;

use self::{
    analysis::Analyzers,
    bm25::Wanted,
    spelling::{Correction, Known, Readable},
};
use crate::{Error, IndexedPassage, Result};

/// Memory that the writer fills before it writes a segment.
const WRITER_MEMORY: usize = 64 << 20;
/// Share of deleted passages from which a segment is written anew without them: they cost time, and count as if they were there in how
/// rare a word is.
const MERGED_WHEN_DELETED: f32 = 0.2;
/// Names the analysis. It is part of the schema: another number makes indexes of earlier versions begin anew.
const ANALYSIS: &str = "words-7";
/// Languages of fewer passages than one of so many are left out of questions that don't show theirs: some passages were taken for
/// what they are not.
const RARE: u64 = 1000;
/// A word of the title or a heading counts this much of a word of the text.
const CONTEXT_WEIGHT: f32 = 0.4;
/// So does a pair of words that stand next to each other in question and text, besides the words.
const PAIR_WEIGHT: f32 = 0.5;
/// And an identifier: who names one wants what has it.
const IDENTIFIER_WEIGHT: f32 = 1.5;
/// Another name of what the question names counts this much, its words and its pairs of words together.
const SYNONYM_WEIGHT: f32 = 0.5;
/// Columns of [`Fields::halves`].
const HALVES: [&str; 2] = ["passage_high", "passage_low"];
/// Candidates at least: tantivy's own order is near to ours, not the same.
const CANDIDATES: usize = 200;

#[derive(Clone, Copy)]
struct Fields {
    passage: Field,
    /// The number of a passage's id in two halves, to be read without a dictionary.
    halves: [Field; 2],
    revision: Field,
    collection: Field,
    context: Field,
    text: Field,
    /// Pairs of words of the text.
    pairs: Field,
    /// Of context and text.
    identifiers: Field,
    /// Of context and text, as they are written: what a question's words are put right by.
    spelling: Field,
    /// By whose rules its words were made.
    language: Field,
    /// Of the document.
    format: Field,
    document_language: Field,
    /// Days since 1970.
    dated: Field,
}

pub(crate) struct Lexical {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    analyzers: Analyzers,
    /// Made at the first write: searching alone needs no writer memory.
    writer: Mutex<Option<IndexWriter>>,
}

impl Lexical {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let failed = |reason: String| Error::Open { path: path.to_owned(), reason };
        fs::create_dir_all(path).map_err(|e| failed(e.to_string()))?;
        let (schema, fields) = schema();
        let directory = || MmapDirectory::open(path).map_err(|e| failed(e.to_string()));
        let exists = Index::exists(&directory()?).map_err(|e| failed(e.to_string()))?;
        if exists && Index::open(directory()?).map_err(|e| failed(e.to_string()))?.schema() != schema {
            // Made by a version that indexed otherwise: all of it is in the catalog.
            tracing::warn!(path = %path.display(), "the lexical index is of an earlier version and begins anew");
            fs::remove_dir_all(path).and_then(|()| fs::create_dir_all(path)).map_err(|e| failed(e.to_string()))?;
        }
        let index = Index::open_or_create(directory()?, schema).map_err(|e| failed(e.to_string()))?;
        // Texts come as words already: their language decides how these are made.
        index.tokenizers().register(ANALYSIS, TextAnalyzer::default());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader = reader.map_err(|e: TantivyError| failed(e.to_string()))?;
        Ok(Self { index, reader, fields, analyzers: Analyzers::new(), writer: Mutex::new(None) })
    }

    /// Whether it can be opened, and all files are what they were when they were written.
    pub(crate) fn check(path: &Path) -> Result<()> {
        let failed = |reason: String| Error::Open { path: path.to_owned(), reason };
        let damaged = Self::open(path)?.index.validate_checksum().map_err(|e| failed(e.to_string()))?;
        match damaged.iter().next() {
            Some(file) => Err(failed(format!("{} is not as it was written", file.display()))),
            None => Ok(()),
        }
    }

    pub(crate) fn add(&self, passages: &[IndexedPassage]) -> Result<()> {
        // Making words costs more than writing them, so all processors make them.
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        let share = passages.len().div_ceil(workers).max(1);
        let documents: Vec<TantivyDocument> = thread::scope(|scope| {
            let workers: Vec<_> = passages.chunks(share).map(|share| scope.spawn(|| self.documents(share))).collect();
            let made =
                workers.into_iter().map(|worker| worker.join().map_err(|_| Error::Write("words could not be made of a text".into())));
            made.collect::<Result<Vec<_>>>()
        })?
        .concat();
        self.with_writer(|writer| documents.into_iter().try_for_each(|document| writer.add_document(document).map(drop)))
    }

    fn documents(&self, passages: &[IndexedPassage]) -> Vec<TantivyDocument> {
        let ready = |tokens: Vec<Token>| PreTokenizedString { text: String::new(), tokens };
        let document = |passage: &IndexedPassage| {
            let language = language::of(&format!("{}\n{}", passage.context, passage.text));
            let words = self.analyzers.words(&passage.text, language);
            let mut document = TantivyDocument::default();
            document.add_text(self.fields.passage, passage.id.to_string());
            let (high, low) = passage.id.as_uuid().as_u64_pair();
            self.fields.halves.iter().zip([high, low]).for_each(|(field, half)| document.add_u64(*field, half));
            document.add_text(self.fields.revision, passage.revision.to_string());
            document.add_text(self.fields.collection, passage.collection.to_string());
            document.add_pre_tokenized_text(self.fields.context, ready(self.analyzers.words(&passage.context, language)));
            document.add_pre_tokenized_text(self.fields.pairs, ready(analysis::pairs(&words)));
            document.add_pre_tokenized_text(self.fields.text, ready(words));
            let token = |text| Token { text, ..Token::default() };
            // A heading is a line of its own.
            let named = identifiers::of_text(&format!("{}\n{}", passage.context.replace(" > ", "\n"), passage.text));
            document.add_pre_tokenized_text(self.fields.identifiers, ready(named.into_iter().map(token).collect()));
            document.add_pre_tokenized_text(
                self.fields.spelling,
                ready(spelling::words(&[&passage.context, "\n", &passage.text].concat()).into_iter().map(token).collect()),
            );
            document.add_text(self.fields.language, language::name(language));
            document.add_text(self.fields.format, passage.format.as_str());
            passage.language.iter().for_each(|code| document.add_text(self.fields.document_language, code));
            passage.dated.iter().for_each(|day| document.add_i64(self.fields.dated, i64::from(day.to_epoch_days())));
            document
        };
        passages.iter().map(document).collect()
    }

    pub(crate) fn remove_revisions(&self, revisions: &[RevisionId]) -> Result<()> {
        self.delete(self.fields.revision, revisions.iter().map(ToString::to_string))
    }

    pub(crate) fn remove_passages(&self, passages: &[PassageId]) -> Result<()> {
        self.delete(self.fields.passage, passages.iter().map(ToString::to_string))
    }

    fn delete(&self, field: Field, values: impl Iterator<Item = String>) -> Result<()> {
        self.with_writer(|writer| {
            values.for_each(|value| _ = writer.delete_term(Term::from_field_text(field, &value)));
            Ok(())
        })
    }

    pub(crate) fn commit(&self) -> Result<()> {
        if let Some(writer) = self.writer().as_mut() {
            writer.commit().map_err(|e| Error::Write(e.to_string()))?;
        }
        self.reader.reload().map_err(|e| Error::Write(e.to_string()))
    }

    /// Waits for segments that are being merged. Without it, those of many short runs would pile up.
    pub(crate) fn optimize(&self) -> Result<()> {
        // Held until the end: a second writer could not be made meanwhile.
        let mut slot = self.writer();
        let Some(writer) = slot.take() else { return Ok(()) };
        writer.wait_merging_threads().map_err(|e| Error::Write(e.to_string()))?;
        self.reader.reload().map_err(|e| Error::Write(e.to_string()))
    }

    /// The best passages with their BM25 scores, best first. `synonyms` are other names of what the question names.
    pub(crate) fn search(
        &self,
        query: &str,
        synonyms: &[String],
        scope: &Scope,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<(PassageId, f32)>> {
        let searcher = self.reader.searcher();
        let wanted = self.wanted(query, synonyms, &self.languages(&searcher, query)?);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let filter = self.filter(scope, filter);
        let filter = filter.as_ref().map(|filter| filter as &dyn Query);
        let found = candidates::candidates(&searcher, &any_of(&wanted), filter, limit.max(CANDIDATES))?;
        let scores = bm25::scores(&searcher, &wanted, &found)?;
        let mut ranked: Vec<(DocAddress, f32)> = found.into_iter().zip(scores).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let ids = Ids::of(&searcher)?;
        ranked.into_iter().take(limit).map(|(address, score)| Ok((ids.at(address)?, score))).collect()
    }

    /// Which words of a question are to be put right, by the words of what may be read: others must not even be told of. `rank` tells how
    /// common a word of everyday language is (the lower, the more), `is_name` whether a word is part of a name; both of words in small letters.
    pub(crate) fn corrections(
        &self,
        question: &str,
        scope: &Scope,
        rank: impl Fn(&str) -> Option<u32>,
        is_name: impl Fn(&str) -> bool,
    ) -> Result<Vec<Correction>> {
        let searcher = self.reader.searcher();
        let readable = Readable::new(&searcher, self.filter(scope, &Filter::default()));
        let words = Words { lexical: self, readable: &readable, languages: self.languages(&searcher, question)?, rank, is_name };
        spelling::corrections(&readable, self.fields.spelling, question, &words)
    }

    pub(crate) fn count(&self) -> usize {
        usize::try_from(self.reader.searcher().num_docs()).unwrap_or(usize::MAX)
    }

    pub(crate) fn ids(&self) -> Result<Vec<PassageId>> {
        let searcher = self.reader.searcher();
        let columns = Ids::of(&searcher)?;
        let mut ids = Vec::new();
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            for doc in reader.doc_ids_alive() {
                ids.push(columns.at(DocAddress::new(segment, doc))?);
            }
        }
        Ok(ids)
    }

    /// The words of a text that a query looks for, in their order, in bytes: by the rules of the text's own language.
    pub(crate) fn marks(&self, query: &str, text: &str) -> Vec<Range<usize>> {
        let language = language::of(text);
        let wanted: BTreeSet<String> = self.analyzers.words(query, language).into_iter().map(|token| token.text).collect();
        let words = self.analyzers.words(text, language).into_iter();
        words.filter(|token| wanted.contains(&token.text)).map(|token| token.offset_from..token.offset_to).collect()
    }

    /// By whose rules a question's words are to be made: those of its own language where it shows it, else of all that
    /// passages are in. English always, since that is what passages are taken for that show none.
    fn languages(&self, searcher: &Searcher, question: &str) -> Result<Vec<Option<Language>>> {
        let english = Some(Language::English);
        let mut present = Vec::new();
        for language in language::stemmed().map(Some).chain([None]) {
            let passages = searcher.doc_freq(&Term::from_field_text(self.fields.language, language::name(language)))?;
            if passages > 0 {
                present.push((language, passages));
            }
        }
        // Sure of a language that no passage is in, it is as good as not told: some are taken for their neighbours.
        let known = language::surely_of(question).filter(|known| present.iter().any(|(language, _)| language == known));
        let is_meant = |language: Option<Language>, passages: u64| match known {
            Some(known) => language == known,
            None => passages * RARE >= searcher.num_docs(),
        };
        let others = present.into_iter().filter(|(language, passages)| *language != english && is_meant(*language, *passages));
        Ok(std::iter::once(english).chain(others.map(|(language, _)| language)).collect())
    }

    /// What of a question can be found, and where.
    fn wanted(&self, question: &str, synonyms: &[String], languages: &[Option<Language>]) -> Vec<Wanted> {
        let Fields { text, context, pairs, identifiers, .. } = self.fields;
        let mut sought = Sought::default();
        for own in self.analyzers.common(question, languages) {
            sought.add(own, 1.0, PAIR_WEIGHT);
        }
        for synonym in synonyms {
            for own in self.analyzers.common(synonym, languages) {
                // One name is one thing, of however many words.
                let (words, pairs) = (own.len() as f32, own.len().saturating_sub(1).max(1) as f32);
                sought.add(own, SYNONYM_WEIGHT / words, SYNONYM_WEIGHT / pairs);
            }
        }
        let wanted = |field, word: &String, weight| Wanted { field, term: Term::from_field_text(field, word), weight };
        let in_text = sought.words.iter().map(|(word, weight)| wanted(text, word, *weight));
        let in_context = sought.words.iter().map(|(word, weight)| wanted(context, word, CONTEXT_WEIGHT * weight));
        let together = sought.pairs.iter().map(|(pair, weight)| wanted(pairs, pair, *weight));
        let named = identifiers::of_question(question);
        let named = named.iter().map(|(name, weight)| wanted(identifiers, name, IDENTIFIER_WEIGHT * weight));
        in_text.chain(in_context).chain(together).chain(named).collect()
    }

    /// What the reader may be shown, of what is asked for. A passage that lacks a field doesn't pass what asks for it.
    fn filter(&self, scope: &Scope, filter: &Filter) -> Option<BooleanQuery> {
        let Fields { collection, revision, format, document_language, dated, .. } = self.fields;
        let mut conditions: Vec<Box<dyn Query>> = Vec::new();
        let mut hidden: Option<Box<dyn Query>> = None;
        let any_of = |field, values: Vec<&str>| Box::new(TermSetQuery::new(values.into_iter().map(|v| Term::from_field_text(field, v))));
        if let Scope::Within { collections, except } = scope {
            let readable: Vec<String> = collections.iter().map(ToString::to_string).collect();
            conditions.push(any_of(collection, readable.iter().map(String::as_str).collect()));
            let except: Vec<String> = except.iter().map(ToString::to_string).collect();
            hidden = (!except.is_empty()).then(|| any_of(revision, except.iter().map(String::as_str).collect()) as Box<dyn Query>);
        }
        if !filter.formats.is_empty() {
            conditions.push(any_of(format, filter.formats.iter().map(|format| format.as_str()).collect()));
        }
        if !filter.languages.is_empty() {
            conditions.push(any_of(document_language, filter.languages.iter().map(String::as_str).collect()));
        }
        if filter.by_date() {
            let day = |day: Option<NaiveDate>| match day {
                Some(day) => Bound::Included(Term::from_field_i64(dated, i64::from(day.to_epoch_days()))),
                None => Bound::Unbounded,
            };
            conditions.push(Box::new(RangeQuery::new(day(filter.since), day(filter.until))));
        }
        let conditions = conditions.into_iter().map(|condition| (Occur::Must, condition));
        let conditions: Vec<_> = conditions.chain(hidden.map(|hidden| (Occur::MustNot, hidden))).collect();
        (!conditions.is_empty()).then(|| BooleanQuery::new(conditions))
    }

    fn with_writer(&self, work: impl FnOnce(&IndexWriter) -> tantivy::Result<()>) -> Result<()> {
        let mut slot = self.writer();
        let writer = match slot.take() {
            Some(writer) => writer,
            None => self.new_writer().map_err(|e| Error::Write(e.to_string()))?,
        };
        let done = work(&writer).map_err(|e| Error::Write(e.to_string()));
        *slot = Some(writer);
        done
    }

    fn new_writer(&self) -> tantivy::Result<IndexWriter> {
        let writer = self.index.writer_with_num_threads(1, WRITER_MEMORY)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MERGED_WHEN_DELETED);
        writer.set_merge_policy(Box::new(policy));
        Ok(writer)
    }

    fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of the words of a question.
struct Words<'l, R, N> {
    lexical: &'l Lexical,
    readable: &'l Readable<'l>,
    languages: Vec<Option<Language>>,
    rank: R,
    is_name: N,
}

impl<R: Fn(&str) -> Option<u32>, N: Fn(&str) -> bool> Known for Words<'_, R, N> {
    fn is_found(&self, word: &str) -> Result<bool> {
        let Fields { text, context, spelling, .. } = self.lexical.fields;
        if self.readable.has(&Term::from_field_text(spelling, word))? {
            return Ok(true);
        }
        for language in &self.languages {
            let forms = self.lexical.analyzers.words(word, *language);
            // A word that says nothing is not looked for.
            if forms.is_empty() {
                return Ok(true);
            }
            for (form, field) in forms.iter().flat_map(|form| [(form, text), (form, context)]) {
                if self.readable.has(&Term::from_field_text(field, &form.text))? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn is_name(&self, word: &str) -> bool {
        (self.is_name)(word)
    }

    fn rank(&self, word: &str) -> Option<u32> {
        (self.rank)(word)
    }
}

/// Words and pairs of words that are looked for, each with the most that it counts.
#[derive(Default)]
struct Sought {
    words: BTreeMap<String, f32>,
    pairs: BTreeMap<String, f32>,
}

impl Sought {
    fn add(&mut self, words: Vec<Token>, each: f32, pair: f32) {
        let keep = |known: &mut BTreeMap<String, f32>, token: Token, counts: f32| {
            let known = known.entry(token.text).or_default();
            *known = known.max(counts);
        };
        analysis::pairs(&words).into_iter().for_each(|token| keep(&mut self.pairs, token, pair));
        words.into_iter().for_each(|token| keep(&mut self.words, token, each));
    }
}

/// Passages that have any of this: one flat union of terms, which is what tantivy can prune.
fn any_of(wanted: &[Wanted]) -> BooleanQuery {
    let clause = |Wanted { term, weight, .. }: &Wanted| -> (Occur, Box<dyn Query>) {
        let query = TermQuery::new(term.clone(), IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(BoostQuery::new(Box::new(query), *weight)))
    };
    BooleanQuery::new(wanted.iter().map(clause).collect())
}

/// Reads passage ids from the columns of each segment, without opening stored documents.
struct Ids(Vec<[Column<u64>; 2]>);

impl Ids {
    fn of(searcher: &Searcher) -> Result<Self> {
        let columns = |r: &SegmentReader| -> tantivy::Result<_> {
            let fast = r.fast_fields();
            Ok([fast.u64(HALVES[0])?, fast.u64(HALVES[1])?])
        };
        Ok(Self(searcher.segment_readers().iter().map(columns).collect::<tantivy::Result<_>>()?))
    }

    fn at(&self, address: DocAddress) -> Result<PassageId> {
        let [high, low] = self.0[address.segment_ord as usize].each_ref().map(|column| column.first(address.doc_id));
        let (high, low) = high.zip(low).ok_or_else(|| Error::Query("a passage has no id".into()))?;
        Ok(PassageId::from_uuid(Uuid::from_u64_pair(high, low)))
    }
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default().set_tokenizer(ANALYSIS).set_index_option(IndexRecordOption::WithFreqs);
    let words = TextOptions::default().set_indexing_options(indexing.clone());
    let there = TextOptions::default().set_indexing_options(indexing.set_index_option(IndexRecordOption::Basic).set_fieldnorms(false));
    let fields = Fields {
        passage: builder.add_text_field("passage", STRING),
        halves: HALVES.map(|name| builder.add_u64_field(name, FAST)),
        revision: builder.add_text_field("revision", STRING),
        collection: builder.add_text_field("collection", STRING),
        context: builder.add_text_field("context", words.clone()),
        text: builder.add_text_field("text", words.clone()),
        pairs: builder.add_text_field("pairs", words.clone()),
        identifiers: builder.add_text_field("identifiers", words),
        spelling: builder.add_text_field("spelling", there),
        language: builder.add_text_field("language", STRING),
        format: builder.add_text_field("format", STRING),
        document_language: builder.add_text_field("document_language", STRING),
        dated: builder.add_i64_field("dated", INDEXED | FAST),
    };
    (builder.build(), fields)
}

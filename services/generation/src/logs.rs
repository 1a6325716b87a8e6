//! llama.cpp's own messages: to `tracing` (target `llama-cpp-2`) instead of standard error; while a model is loaded
//! only its errors are kept, because they alone say why a file can't be used.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use tracing::{
    Event, Level, Metadata, Subscriber, dispatcher,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// Runs `work` and returns what llama.cpp reported as errors in this thread meanwhile, in order.
pub(crate) fn errors_of<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    llama_cpp_2::send_logs_to_tracing(llama_cpp_2::LogOptions::default());
    let errors = Arc::new(Mutex::new(Vec::new()));
    let dispatch = dispatcher::Dispatch::new(Collector { errors: Arc::clone(&errors) });
    let result = dispatcher::with_default(&dispatch, work);
    let errors = std::mem::take(&mut *errors.lock().unwrap_or_else(PoisonError::into_inner));
    (result, errors)
}

struct Collector {
    errors: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message::default();
        event.record(&mut message);
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).push(message.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.trim().clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use crate::Footnote;

/// A running portal; stopped when dropped.
pub struct Portal {
    /// "http://127.0.0.1:PORT"
    pub url: String,
    child: Child,
    pub footnote: Footnote,
}

impl Portal {
    /// Starts `footnote serve` on a free port and waits until it is ready.
    #[must_use]
    pub fn start(footnote: Footnote) -> Self {
        // The HTTP clients of the tests bring no cryptography of their own. An error means that another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut child = footnote
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary: run `make build`");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let url = loop {
            let line = lines.next().expect("the portal ended before it was ready").expect("UTF-8");
            if let Some((_, url)) = line.split_once("ready: ") {
                break url.trim().to_owned();
            }
        };
        // What it logs later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { url, child, footnote }
    }

    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

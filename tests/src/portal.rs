use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use reqwest::{
    Client, Method, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};

use serde_json::Value;

use crate::Footnote;

/// The first administrator of a test's portal.
pub const ADMINISTRATOR: &str = "ada@example.com";
/// Everybody's, in tests.
pub const PASSWORD: &str = "a lamp beside seven rivers";

/// A running portal with an administrator; stopped when dropped.
pub struct Portal {
    /// "http://127.0.0.1:PORT"
    pub url: String,
    /// The administrator's session, as a cookie: "name=value".
    pub cookie: String,
    child: Child,
    client: Client,
    pub footnote: Footnote,
}

impl Portal {
    /// Starts `footnote serve` on a free port and makes the administrator.
    pub async fn start(footnote: Footnote) -> Self {
        let (mut portal, link) = Self::start_bare(footnote);
        let link = link.expect("a link that makes the first administrator");
        let path = link.strip_prefix(&portal.url).expect("of this portal").to_owned();
        let form = [("name", "Ada Moss"), ("email", ADMINISTRATOR), ("password", PASSWORD)];
        let response = portal.send("", &path, &form).await;
        portal.cookie = cookie(&response);
        portal
    }

    /// Starts `footnote serve` on a free port. Where nobody administers it yet, also the link that makes the first administrator.
    ///
    /// # Panics
    /// The portal did not start.
    #[must_use]
    pub fn start_bare(footnote: Footnote) -> (Self, Option<String>) {
        // The HTTP clients of the tests bring no cryptography of their own. An error means that another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut child = footnote
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary: run `make build`");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let mut link = None;
        let url = loop {
            let line = lines.next().expect("the portal ended before it was ready").expect("UTF-8");
            if let Some((_, start)) = line.split_once("administers this portal yet: open ") {
                link = Some(start.trim().to_owned());
            }
            if let Some((_, url)) = line.split_once("ready: ") {
                break url.trim().to_owned();
            }
        };
        // What it logs later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        (Self { url, cookie: String::new(), child, client, footnote }, link)
    }

    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut would, and starts it again on the same data.
    #[must_use]
    pub fn killed(mut self) -> Footnote {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ended");
        std::mem::take(&mut self.footnote)
    }

    /// A request with somebody's cookie, and a form where there is one. Redirections are not followed.
    ///
    /// # Panics
    /// The portal does not answer.
    pub async fn request(&self, method: Method, cookie: &str, path: &str, form: Option<&[(&str, &str)]>) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).header(COOKIE, cookie);
        if let Some(form) = form {
            let body: Vec<String> = form.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.join("&"));
        }
        request.send().await.expect("an answer")
    }

    /// A page as somebody gets it.
    pub async fn get_as(&self, cookie: &str, path: &str) -> (StatusCode, String) {
        let response = self.request(Method::GET, cookie, path, None).await;
        (response.status(), response.text().await.expect("text"))
    }

    /// A page as the administrator gets it.
    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        self.get_as(&self.cookie, path).await
    }

    /// A form that somebody sends.
    pub async fn send(&self, cookie: &str, path: &str, form: &[(&str, &str)]) -> Response {
        self.request(Method::POST, cookie, path, Some(form)).await
    }

    /// A token for somebody's program.
    ///
    /// # Panics
    /// None is made.
    pub async fn token(&self, cookie: &str, publishes: bool) -> String {
        let form = [("name", "a test"), ("days", "30"), ("publishes", if publishes { "yes" } else { "" })];
        let page = self.send(cookie, "/account/tokens", &form).await.text().await.expect("text");
        let (_, token) = page.split_once("readonly value=\"").unwrap_or_else(|| panic!("no token: {page}"));
        token.split('"').next().unwrap_or_default().to_owned()
    }

    /// What a program is told: as JSON where there is any, else as text.
    ///
    /// # Panics
    /// The portal does not answer.
    pub async fn call(&self, token: &str, method: Method, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if !token.is_empty() {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let bytes = response.bytes().await.expect("a body");
        (status, serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned())))
    }

    /// Asks as a browser without scripts does; returns the page with the answer, and its address. `form` is what else is chosen.
    ///
    /// # Panics
    /// The question is not taken.
    pub async fn ask_as(&self, cookie: &str, question: &str, form: &[(&str, &str)]) -> (String, String) {
        let whole: Vec<(&str, &str)> = form.iter().copied().chain([("q", question)]).collect();
        let response = self.send(cookie, "/ask", &whole).await;
        let status = response.status();
        let Some(place) = response.headers().get(LOCATION).and_then(|place| place.to_str().ok()).map(str::to_owned) else {
            panic!("{status}: {}", response.text().await.unwrap_or_default());
        };
        (self.get_as(cookie, &place).await.1, place)
    }

    /// The page with the answer, as the administrator gets it.
    pub async fn ask(&self, question: &str) -> String {
        self.ask_as(&self.cookie, question, &[]).await.0
    }

    /// Somebody new, who is in these groups (separated by commas); returns their cookie.
    pub async fn join(&self, name: &str, role: &str, groups: &str) -> String {
        let email = format!("{}@example.com", name.to_lowercase());
        let run = self.footnote.run(&["users", "invite", &email, "--name", name, "--role", role, "--groups", groups]).ok();
        let (_, token) = run.stdout.trim().rsplit_once("/join/").expect("a link");
        cookie(&self.send("", &format!("/join/{token}"), &[("password", PASSWORD)]).await)
    }

    /// Signs somebody in; returns their cookie.
    pub async fn sign_in(&self, email: &str) -> String {
        cookie(&self.send("", "/sign-in", &[("email", email), ("password", PASSWORD)]).await)
    }
}

/// The cookie that a response sets, as a request sends it.
///
/// # Panics
/// It sets none.
#[must_use]
pub fn cookie(response: &Response) -> String {
    let set = response.headers().get(SET_COOKIE).and_then(|set| set.to_str().ok());
    let set = set.unwrap_or_else(|| panic!("no cookie: {} {:?}", response.status(), response.headers()));
    set.split(';').next().unwrap_or_default().to_owned()
}

/// For a query or a form.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}

impl Drop for Portal {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

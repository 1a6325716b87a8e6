//! What protects a session, a download and a connection.

use std::{
    io::{ErrorKind, Read, Write},
    time::{Duration, Instant},
};

use footnote_tests::{ADMINISTRATOR, Footnote, PASSWORD, Portal, with_demo, write};
use reqwest::{Certificate, Client, Method, StatusCode, redirect::Policy};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

fn set_cookie(response: &reqwest::Response) -> String {
    response.headers()["set-cookie"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_headers_and_downloads_are_as_they_should_be() {
    let portal = Portal::start(with_demo()).await;
    let form = [("email", ADMINISTRATOR), ("password", PASSWORD)];
    let response = portal.send("", "/sign-in", &form).await;
    let cookie = set_cookie(&response);
    assert!(cookie.starts_with("footnote=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"));
    assert!(!cookie.contains("Domain") && !cookie.contains("Max-Age"), "of this host, and gone with the browser: {cookie}");
    // Signing out takes it back.
    let own = cookie.split(';').next().unwrap().to_owned();
    let gone = set_cookie(&portal.send(&own, "/sign-out", &[]).await);
    assert!(gone.starts_with("footnote=;") && gone.contains("Max-Age=0"), "{gone}");
    assert_eq!(portal.get_as(&own, "/documents").await.0, StatusCode::SEE_OTHER);

    let (_, list) = portal.get("/documents?find=Travel").await;
    let document = format!("/documents/{}", list.split("href=\"/documents/").nth(1).unwrap().split('"').next().unwrap());
    for path in ["/", "/sign-in", "/nowhere", "/api/v1/me", "/healthz", &document, &format!("{document}/original")] {
        let response = portal.request(Method::GET, &portal.cookie, path, None).await;
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert!(response.status().is_redirection() || !header("content-type").is_empty(), "{path}");
        assert_eq!(header("strict-transport-security"), "", "not by http: {path}");
    }
    for path in ["/api/v1/me", "/api/v1/openapi.json", "/api/v1/nowhere", "/v1/models"] {
        let response = portal.request(Method::GET, "", path, None).await;
        assert_eq!(response.headers()["content-disposition"], "attachment; filename=\"api.json\"", "{path}");
    }
    // Nobody else's page may read along, and nothing but what is meant is done.
    for method in [Method::OPTIONS, Method::PUT, Method::TRACE, Method::DELETE] {
        let response = portal.request(method.clone(), &portal.cookie, "/documents", None).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert!(!response.headers().contains_key("access-control-allow-origin"), "{method}");
    }
    let response = portal.request(Method::GET, &portal.cookie, &format!("{document}/original"), None).await;
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
    assert!(response.headers()["content-disposition"].to_str().unwrap().starts_with("attachment; filename*=UTF-8''"));

    // Nothing is changed by a form of another site, nor by a GET.
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let request = Client::builder().redirect(Policy::none()).build().unwrap().post(format!("{}/admin/groups", portal.url));
        let request = request.header("cookie", &portal.cookie).header(name, value);
        let response = request.header("content-type", "application/x-www-form-urlencoded").body("name=Mine").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{name}");
    }
    assert!(!portal.get("/admin/groups").await.1.contains("Mine"));
    for path in ["/sign-out", "/admin/view-as", "/account/tokens", "/ask?q=x"] {
        let status = portal.get(path).await.0;
        assert!(status == StatusCode::METHOD_NOT_ALLOWED || path.starts_with("/ask"), "{path}: {status}");
    }
    assert_eq!(portal.get("/conversations").await.1.matches("<li>").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn by_https_with_the_portals_own_certificate_and_a_renewed_one() {
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
    let renew = || {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        write(&certificate, made.cert.pem());
        write(&key, made.signing_key.serialize_pem());
        made.cert.pem()
    };
    let authority = renew();
    let footnote = Footnote::new().set("serve.certificate", certificate.to_str().unwrap());
    let run = footnote.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(run.code != 0 && run.stderr.contains("serve.certificate is set without serve.key"), "{}", run.stderr);
    let (portal, link) = Portal::start_bare(footnote.set("serve.key", key.to_str().unwrap()));
    let link = link.unwrap();
    assert!(portal.url.starts_with("https://") && link.starts_with(&portal.url), "{}", portal.url);
    let client = |pem: &str| {
        Client::builder().add_root_certificate(Certificate::from_pem(pem.as_bytes()).unwrap()).redirect(Policy::none()).build().unwrap()
    };
    let response = client(&authority).get(format!("{}/sign-in", portal.url)).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.headers()["strict-transport-security"].to_str().unwrap().contains("max-age=31536000"));
    // Cookies go by https alone, and to this host alone.
    let start = client(&authority).post(&link).header("content-type", "application/x-www-form-urlencoded");
    let form = format!("name=Ada&email=ada%40example.com&password={}", PASSWORD.replace(' ', "+"));
    let cookie = set_cookie(&start.body(form).send().await.unwrap());
    assert!(cookie.starts_with("__Host-footnote=") && cookie.contains("Secure") && cookie.contains("Path=/"), "{cookie}");
    let wrong = client(&authority).post(format!("{}/sign-in", portal.url)).header("content-type", "application/x-www-form-urlencoded");
    let failed = wrong.body("email=x%40example.com&password=wrong").send().await.unwrap();
    assert!(failed.status().is_client_error());
    assert!(client(&renew()).get(format!("{}/sign-in", portal.url)).send().await.is_err(), "the new one is not served yet");
    // Who says nothing after the handshake, or only half of what they want, is hung up on.
    let silent = ["", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", "PRI * HTTP/2.0\r\n"].map(|said| {
        let (address, authority) = (portal.url.trim_start_matches("https://").to_owned(), authority.clone());
        tokio::task::spawn_blocking(move || hung_up_on(&address, &authority, said))
    });
    for silent in silent {
        assert!(silent.await.unwrap() < Duration::from_secs(25));
    }
    // By http nobody is answered.
    let plain = portal.url.replace("https://", "http://");
    assert!(Client::new().get(plain).send().await.is_err());
}

/// How long it took after the handshake until the server closed the connection.
fn hung_up_on(address: &str, authority: &str, said: &str) -> Duration {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let config = ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut connection = ClientConnection::new(config.into(), ServerName::try_from("127.0.0.1").unwrap()).unwrap();
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    connection.complete_io(&mut socket).unwrap();
    let mut stream = rustls::Stream::new(&mut connection, &mut socket);
    stream.write_all(said.as_bytes()).unwrap();
    let begun = Instant::now();
    let mut rest = Vec::new();
    // It may end without saying so.
    let end = stream.read_to_end(&mut rest).err().map(|error| error.kind());
    assert!(matches!(end, None | Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset)), "{end:?}");
    begun.elapsed()
}

/// Whoever opens connections and says nothing, or says it slowly, keeps nobody else waiting, and is not waited for.
#[tokio::test(flavor = "multi_thread")]
async fn slow_requests_stall_nobody() {
    let portal = Portal::start(Footnote::new()).await;
    let address = portal.url.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ").await.unwrap();
        slow.push(stream);
    }
    let (status, _) = timeout(Duration::from_secs(5), portal.get("/documents")).await.expect("others are answered meanwhile");
    assert_eq!(status, StatusCode::OK);
    let mut rest = Vec::new();
    let mut first = slow.swap_remove(0);
    timeout(Duration::from_secs(30), first.read_to_end(&mut rest)).await.expect("it is hung up on").unwrap();
}

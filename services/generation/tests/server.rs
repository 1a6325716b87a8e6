//! A model on a server: one of our own that behaves as they do, well and badly.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use futures::{StreamExt, stream};
use generation::{Error, Finish, Generator, Health, Message, Piece, RemoteConfig, Request};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc, time::sleep};

type Answer = fn(usize, Value) -> Response;

#[derive(Clone)]
struct Server {
    answer: Answer,
    asked: Arc<AtomicUsize>,
}

async fn serve(answer: Answer) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let server = Server { answer, asked: Arc::clone(&asked) };
    let handler = |State(server): State<Server>, _: HeaderMap, Json(body): Json<Value>| async move {
        (server.answer)(server.asked.fetch_add(1, Ordering::SeqCst), body)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/chat/completions", post(handler)).with_state(server);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

fn config(url: &str) -> RemoteConfig {
    RemoteConfig {
        url: url.to_owned(),
        model: "tiny".into(),
        api_key: None,
        certificate: None,
        context_tokens: 2048,
        parallel: 2,
        queue: 2,
        first_token: Duration::from_secs(2),
        between_tokens: Duration::from_millis(300),
    }
}

fn request() -> Request {
    Request { messages: vec![Message::system("Be brief."), Message::user("Why?")], max_tokens: 32, stop: vec!["STOP".into()], asker: None }
}

fn event(content: &str) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": 0, "delta": {"content": content}}]}))
}

fn streamed(pieces: &[&str]) -> Response {
    let mut body: String = pieces.iter().map(|piece| event(piece)).collect();
    body.push_str("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n");
    body.into_response()
}

/// Pieces with a pause before each.
fn slowly(pieces: Vec<(u64, String)>) -> Response {
    let pieces = stream::iter(pieces).then(|(pause, piece)| async move {
        sleep(Duration::from_millis(pause)).await;
        Ok::<_, std::convert::Infallible>(piece)
    });
    Body::from_stream(pieces).into_response()
}

async fn failure(generator: &Generator) -> Error {
    generator.generate(request()).unwrap().text().await.unwrap_err()
}

#[tokio::test]
async fn it_asks_as_the_interface_wants_and_streams() {
    let (url, _) = serve(|_, body| {
        assert_eq!(body["model"], "tiny");
        assert_eq!(body["messages"][0], json!({"role": "system", "content": "Be brief."}));
        assert_eq!((body["max_tokens"].as_u64(), body["temperature"].as_i64(), body["stream"].as_bool()), (Some(32), Some(0), Some(true)));
        streamed(&["Be", "cause \u{e9}", " of it."])
    })
    .await;
    let generator = Generator::on_server(config(&url)).unwrap();
    assert_eq!(generator.health(), Health::Unknown);
    let (text, finished) = generator.generate(request()).unwrap().text().await.unwrap();
    assert_eq!(text, "Because \u{e9} of it.");
    assert_eq!((finished.finish, finished.prompt_tokens, finished.generated_tokens), (Finish::End, 7, 3));
    assert_eq!(generator.health(), Health::Well);
    assert_eq!(generator.identity().server.as_deref(), Some(url.as_str()));
}

#[tokio::test]
async fn stop_strings_hold_whatever_the_server_does() {
    let (url, _) = serve(|_, _| streamed(&["So. S", "TOP and more"])).await;
    let (text, finished) = Generator::on_server(config(&url)).unwrap().generate(request()).unwrap().text().await.unwrap();
    assert_eq!((text.as_str(), finished.finish), ("So. ", Finish::Stop));
}

#[tokio::test]
async fn what_passes_is_tried_again_and_what_does_not_is_not() {
    let (url, asked) =
        serve(|n, _| if n < 2 { (StatusCode::SERVICE_UNAVAILABLE, "loading").into_response() } else { streamed(&["Yes."]) }).await;
    let generator = Generator::on_server(config(&url)).unwrap();
    assert_eq!(generator.generate(request()).unwrap().text().await.unwrap().0, "Yes.");
    assert_eq!(asked.load(Ordering::SeqCst), 3);

    let (url, asked) = serve(|_, _| (StatusCode::NOT_FOUND, r#"{"error":{"message":"no model 'tiny'"}}"#).into_response()).await;
    let generator = Generator::on_server(config(&url)).unwrap();
    let error = failure(&generator).await;
    assert!(matches!(&error, Error::Refused { reason, .. } if reason == "404: no model 'tiny'"), "{error}");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(generator.health(), Health::Down(error.to_string()));

    let (url, asked) = serve(|_, _| StatusCode::UNAUTHORIZED.into_response()).await;
    assert_eq!(failure(&Generator::on_server(config(&url)).unwrap()).await, Error::ServerKey);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn after_the_first_word_nothing_is_tried_again() {
    let (url, asked) =
        serve(|_, _| format!("{}data: {}\n\n", event("Half"), json!({"error": {"message": "out of memory"}})).into_response()).await;
    let generator = Generator::on_server(config(&url)).unwrap();
    let mut stream = generator.generate(request()).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), Piece::Text("Half".into()));
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(&error, Error::Refused { reason, .. } if reason == "out of memory"), "{error}");
    assert!(stream.next().await.is_none());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_that_is_down_is_told_soon() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let generator = Generator::on_server(config(&url)).unwrap();
    let error = failure(&generator).await;
    assert!(error.to_string().contains("can't be reached (Connection refused"), "{error}");
    // Known to be down, it is tried once and without a pause.
    let asked = Instant::now();
    assert_eq!(failure(&generator).await, error);
    assert!(asked.elapsed() < Duration::from_millis(200), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn slow_and_endless_servers_are_left() {
    let (url, _) = serve(|_, _| slowly(vec![(60_000, event("late"))])).await;
    let quick = RemoteConfig { first_token: Duration::from_millis(400), ..config(&url) };
    let error = failure(&Generator::on_server(quick).unwrap()).await;
    assert!(matches!(error, Error::Slow { .. }), "{error}");

    let (url, _) = serve(|_, _| slowly(vec![(0, event("One")), (60_000, event("two"))])).await;
    let mut stream = Generator::on_server(config(&url)).unwrap().generate(request()).unwrap();
    assert!(stream.next().await.unwrap().is_ok());
    assert!(matches!(stream.next().await.unwrap(), Err(Error::Slow { .. })));

    let (url, _) =
        serve(|_, _| Body::from_stream(stream::repeat_with(|| Ok::<_, std::convert::Infallible>(event("on and on ")))).into_response())
            .await;
    let (text, finished) = Generator::on_server(config(&url)).unwrap().generate(request()).unwrap().text().await.unwrap();
    assert_eq!(finished.finish, Finish::Length);
    assert!(text.len() < 4096, "{}", text.len());
}

#[tokio::test]
async fn nonsense_is_no_answer() {
    let replies: [Answer; 4] = [
        |_, _| "<html><body>It works!</body></html>\n".into_response(),
        |_, _| "data: {\"choices\": 3}\n\n".into_response(),
        |_, _| "\0\x01\x02\n".into_response(),
        |_, _| "".into_response(),
    ];
    for reply in replies {
        let (url, _) = serve(reply).await;
        let error = failure(&Generator::on_server(config(&url)).unwrap()).await;
        assert!(matches!(error, Error::Nonsense { .. }), "{error}");
    }
}

#[tokio::test]
async fn leaving_closes_the_connection() {
    static LEFT: std::sync::Mutex<Option<mpsc::UnboundedSender<()>>> = std::sync::Mutex::new(None);
    struct Tell(mpsc::UnboundedSender<()>);
    impl Drop for Tell {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let (sender, mut left) = mpsc::unbounded_channel();
    *LEFT.lock().unwrap() = Some(sender);
    let (url, _) = serve(|_, _| {
        let tell = Tell(LEFT.lock().unwrap().clone().unwrap());
        let pieces = stream::unfold(tell, |tell| async move {
            sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, std::convert::Infallible>(event("on ")), tell))
        });
        Body::from_stream(pieces).into_response()
    })
    .await;
    let mut stream = Generator::on_server(config(&url)).unwrap().generate(request()).unwrap();
    stream.next().await.unwrap().unwrap();
    drop(stream);
    tokio::time::timeout(Duration::from_secs(10), left.recv()).await.unwrap().unwrap();
}

#[tokio::test]
async fn who_waits_is_told_the_place_and_too_many_are_busy() {
    let (url, _) = serve(|_, _| slowly(vec![(200, event("Well.")), (50, "data: [DONE]\n\n".into())])).await;
    let generator = Generator::on_server(RemoteConfig { parallel: 1, queue: 2, ..config(&url) }).unwrap();
    let streams: Vec<_> = (0..3).map(|_| generator.generate(request()).unwrap()).collect();
    assert_eq!(generator.generate(request()).err(), Some(Error::Busy));
    let answers = streams.into_iter().map(|stream| stream.map(Result::unwrap).collect::<Vec<Piece>>());
    let answers = futures::future::join_all(answers).await;
    let waiting = |ahead| Piece::Waiting { ahead };
    let well = Piece::Text("Well.".into());
    assert_eq!(answers[0], std::slice::from_ref(&well));
    assert_eq!(answers[1], [waiting(0), well.clone()]);
    assert_eq!(answers[2], [waiting(1), waiting(0), well]);
}

#[tokio::test]
async fn what_can_never_work_is_told_at_once() {
    for (url, part) in [("gpu-1:8000/v1", "set generation.server.url"), ("not an address", "set generation.server.url")] {
        let error = Generator::on_server(config(url)).err().unwrap().to_string();
        assert!(error.contains(part), "{error}");
    }
    let missing = RemoteConfig { certificate: Some("/nowhere/ca.pem".into()), ..config("https://gpu-1/v1") };
    assert!(matches!(Generator::on_server(missing).err().unwrap(), Error::Certificate { .. }));
    let long = Request { messages: vec![Message::user("word ".repeat(4000))], ..request() };
    let generator = Generator::on_server(config("http://127.0.0.1:9/v1")).unwrap();
    assert!(matches!(generator.generate(long).err(), Some(Error::PromptTooLong { .. })));
}

//! Style, script and mark, in the binary. Their addresses carry a hash of their content, so they can be kept for long.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::LazyLock,
};

use axum::{
    extract::Path,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::{error::PageError, frame::Frame};

const STYLE: &str = include_str!("../assets/footnote.css");
const SCRIPT: &str = include_str!("../assets/footnote.js");
const MARK: &str = include_str!("../assets/mark.svg");

struct Asset {
    name: String,
    media_type: &'static str,
    content: &'static str,
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("css", "text/css; charset=utf-8", STYLE),
        asset("js", "text/javascript; charset=utf-8", SCRIPT),
        asset("svg", "image/svg+xml", MARK),
    ]
});

fn asset(extension: &str, media_type: &'static str, content: &'static str) -> Asset {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    Asset { name: format!("footnote-{:016x}.{extension}", hasher.finish()), media_type, content }
}

/// For templates: the addresses of style, script and mark.
pub(crate) fn style() -> String {
    format!("/assets/{}", ASSETS[0].name)
}

pub(crate) fn script() -> String {
    format!("/assets/{}", ASSETS[1].name)
}

pub(crate) fn mark() -> String {
    format!("/assets/{}", ASSETS[2].name)
}

pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return PageError::not_found("error-no-page").draw(&Frame::default());
    };
    ([(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")], asset.content).into_response()
}

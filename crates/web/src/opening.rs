//! Whether a request for a page means that a person opened the link.

use axum::http::{HeaderMap, Method, header};

/// Headers by which browsers say that nobody looks yet (Fetch: `Sec-Purpose`; older ones the rest).
const PURPOSE_HEADERS: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// What stands in a purpose header when a page is fetched ahead or for a preview.
const AHEAD_OF_TIME: [&str; 3] = ["prefetch", "prerender", "preview"];

/// Apps that fetch under their own name to draw a preview, and add the same name behind a browser's in their
/// built-in browser: only the first place in the header tells the preview (WhatsApp also stands for Signal).
const PREVIEW_APPS: [&str; 5] = ["whatsapp/", "viber", "line/", "pinterest/", "snapchat/"];

/// Names that only machines carry, in lower case, anywhere in the header. Not the bare word `bot`: a maker of
/// telephones is called Cubot.
const MACHINES: [&str; 60] = [
    // Previews of messengers and social networks; iMessage names itself facebookexternalhit and Twitterbot.
    "facebookexternalhit",
    "facebookcatalog",
    "facebot",
    "meta-externalagent",
    "meta-externalfetcher",
    "twitterbot",
    "telegrambot",
    "slackbot",
    "slack-imgproxy",
    "linkedinbot",
    "discordbot",
    "skypeuripreview",
    "microsoftpreview",
    "snap url preview",
    "line-poker",
    "kakaotalk-scrap",
    "redditbot",
    "pinterestbot",
    "mastodon/",
    "vkshare",
    "tumblr/",
    "embedly",
    "iframely",
    "bitlybot",
    "rocket.chat",
    "mattermost-bot",
    // Search engines, their link checkers and readers. A page read aloud was opened in the browser before.
    "googlebot",
    "google-inspectiontool",
    "google-read-aloud",
    "google-safety",
    "googleother",
    "googleimageproxy",
    "apis-google",
    "adsbot-google",
    "mediapartners-google",
    "feedfetcher-google",
    "bingbot",
    "bingpreview",
    "msnbot",
    "yandexbot",
    "yandexmobilebot",
    "baiduspider",
    "duckduckbot",
    "duckassistbot",
    "applebot",
    "yahoo! slurp",
    "petalbot",
    "bytespider",
    "amazonbot",
    "gptbot",
    "oai-searchbot",
    "chatgpt-user",
    "claudebot",
    "claude-user",
    "perplexitybot",
    "ccbot",
    "ahrefsbot",
    "semrushbot",
    "mj12bot",
    "uptimerobot",
];

/// Does this request for a payment page count as an opening by the payer?
///
/// Only `GET` counts; not when a purpose header says prefetch, prerender or preview, and not from an agent
/// that is known to draw previews, index or watch. Everything unknown counts, also without a `User-Agent` and
/// without JavaScript: an opening that is missed would tell the merchant something false about a person.
pub fn counts_as_opening(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::GET && !is_ahead_of_time(headers) && !is_machine(headers)
}

fn is_ahead_of_time(headers: &HeaderMap) -> bool {
    PURPOSE_HEADERS
        .iter()
        .flat_map(|name| headers.get_all(*name))
        .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
        .any(|value| AHEAD_OF_TIME.iter().any(|word| value.contains(word)))
}

fn is_machine(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::USER_AGENT) else { return false };
    let agent = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    let agent = agent.trim_start();
    PREVIEW_APPS.iter().any(|app| agent.starts_with(app)) || MACHINES.iter().any(|name| agent.contains(name))
}

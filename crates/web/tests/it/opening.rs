//! Which requests mean that a person opened a link.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use kadi_web::counts_as_opening;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}

fn counts(agent: &'static str) -> bool {
    counts_as_opening(&Method::GET, &headers(&[("user-agent", agent)]))
}

#[test]
fn browsers_count() {
    let browsers = [
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
         Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
         Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/114.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 \
         [FBAN/FBIOS;FBAV/450.0]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 \
         WhatsApp/24.1",
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Viber/21.0",
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Line/13.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
         HeadlessChrome/140.0.0.0 Safari/537.36",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/8.0) Presto/2.12.423 Version/12.16",
        "Lynx/2.9.0 libwww-FM/2.14",
        "curl/8.5.0",
    ];
    for agent in browsers {
        assert!(counts(agent), "{agent}");
    }
    assert!(counts_as_opening(&Method::GET, &HeaderMap::new()));
}

#[test]
fn previews_and_machines_do_not_count() {
    let machines = [
        "WhatsApp/2.24.6.77 A",
        "WhatsApp/2",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) \
         Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "facebookexternalhit/1.1;line-poker/1.0",
        "Twitterbot/1.0",
        "TelegramBot (like TwitterBot)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Slackbot 1.0 (+https://api.slack.com/robots)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
        "Viber/13.3.0.5 CFNetwork/1121.2.2 Darwin/19.3.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 7.0) AppleWebKit/537.36 Chrome/80 Mobile Safari/537.36 \
         (compatible; Google-Read-Aloud; +https://support.google.com)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15 (Applebot/0.1; \
         +http://www.apple.com/go/applebot)",
        "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    ];
    for agent in machines {
        assert!(!counts(agent), "{agent}");
    }
}

#[test]
fn fetching_ahead_does_not_count() {
    let ahead = [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "Prefetch; anonymous-client-ip"),
        ("purpose", "prefetch"),
        ("purpose", "preview"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
    ];
    for pair in ahead {
        assert!(!counts_as_opening(&Method::GET, &headers(&[pair])), "{pair:?}");
    }
    assert!(counts_as_opening(&Method::GET, &headers(&[("purpose", "shopping")])));
    let mut twice = headers(&[("purpose", "shopping")]);
    twice.append("purpose", HeaderValue::from_static("prefetch"));
    assert!(!counts_as_opening(&Method::GET, &twice));
}

#[test]
fn only_get_counts() {
    assert!(counts_as_opening(&Method::GET, &HeaderMap::new()));
    for method in [Method::HEAD, Method::POST, Method::OPTIONS] {
        assert!(!counts_as_opening(&method, &HeaderMap::new()), "{method}");
    }
}

#[test]
fn an_agent_that_is_no_text_is_a_stranger_and_counts() {
    let mut headers = HeaderMap::new();
    headers.insert("user-agent", HeaderValue::from_bytes(b"\xff\xfe Mozilla").unwrap());
    assert!(counts_as_opening(&Method::GET, &headers));
}

//! One mail, from Kadi's fields to the bytes that go over the wire.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use lettre::message::header::{ContentTransferEncoding, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart, header};
use lettre::{Address, address::Envelope};
use sha2::{Digest, Sha256};

use super::fault::SendFault;

/// The last second that a Date header's four-digit year can name.
const DATE_S_MAX: i64 = 253_402_300_799;

/// Headers that the mail's own fields decide; a caller's extra header may not replace them.
const OWN_HEADERS: [&str; 12] = [
    "from",
    "sender",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "mime-version",
    "auto-submitted",
    "received",
];

/// A mail to one person. `Debug` shows its Message-ID only.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    /// The recipient's bare address.
    pub to: String,
    /// The recipient's name, if known.
    pub to_name: Option<String>,
    /// Subject, in any script. What could break or disguise the line becomes spaces.
    pub subject: String,
    /// The mail as plain text.
    pub text: String,
    /// The same as an HTML document.
    pub html: String,
    /// `unique@host` without angle brackets. The same message must always carry the same one.
    pub message_id: String,
    /// When the mail was written, in Unix seconds.
    pub date_s: i64,
    /// Bare address for answers, where it is not the sender's.
    pub reply_to: Option<String>,
    /// Further headers by name and value, for example `List-Unsubscribe`.
    pub headers: Vec<(String, String)>,
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Email").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// A mail ready to be sent.
pub(super) struct Letter {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// Builds the mail, or says which field makes it impossible.
pub(super) fn compose(from: &Mailbox, email: &Email) -> Result<Letter, SendFault> {
    let to = address(&email.to).ok_or_else(|| SendFault::unfit("the recipient is not an e-mail address"))?;
    let to_name = email.to_name.as_deref().map(one_line).filter(|name| !name.is_empty());
    let date_s = u64::try_from(email.date_s).ok().filter(|_| email.date_s <= DATE_S_MAX);
    let date_s = date_s.ok_or_else(|| SendFault::unfit("the date is out of range"))?;
    let mut builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(to_name, to))
        .subject(one_line(&email.subject))
        .date(UNIX_EPOCH + Duration::from_secs(date_s))
        .message_id(Some(message_id(&email.message_id)?))
        // RFC 3834: keeps holiday notices from answering.
        .raw_header(raw("Auto-Submitted", "auto-generated")?);
    if let Some(reply_to) = &email.reply_to {
        let reply_to = address(reply_to).ok_or_else(|| SendFault::unfit("the answer address is none"))?;
        builder = builder.reply_to(Mailbox::new(None, reply_to));
    }
    for (name, value) in &email.headers {
        let lower = name.to_ascii_lowercase();
        if OWN_HEADERS.contains(&lower.as_str()) || lower.starts_with("content-") {
            return Err(SendFault::unfit("an extra header has the name of one of the mail's own"));
        }
        builder = builder.raw_header(raw(name, value)?);
    }
    let message = builder
        .multipart(parts(email)?)
        .map_err(|fault| SendFault::unfit(&format!("the mail cannot be built: {fault}")))?;
    Ok(Letter { envelope: message.envelope().clone(), bytes: message.formatted() })
}

fn parts(email: &Email) -> Result<MultiPart, SendFault> {
    Ok(MultiPart::alternative()
        .boundary(boundary(email))
        .singlepart(part(header::ContentType::TEXT_PLAIN, &email.text)?)
        .singlepart(part(header::ContentType::TEXT_HTML, &email.html)?))
}

fn part(content_type: header::ContentType, text: &str) -> Result<SinglePart, SendFault> {
    // Encoded always, also where plain ASCII would do: then no line is too long, no bare CR or dot line is
    // left for two servers to understand differently.
    let encoding = if text.is_ascii() {
        ContentTransferEncoding::QuotedPrintable
    } else {
        ContentTransferEncoding::Base64
    };
    let body = Body::new_with_encoding(text.to_owned(), encoding)
        .map_err(|_| SendFault::unfit("a part of the mail cannot be encoded"))?;
    Ok(SinglePart::builder().header(content_type).body(body))
}

/// A digest of what it separates: the same for a repeat, and nobody can write a text that contains its own.
fn boundary(email: &Email) -> String {
    let mut hash = Sha256::new();
    for field in [&email.message_id, &email.text, &email.html] {
        hash.update(field.len().to_be_bytes());
        hash.update(field.as_bytes());
    }
    let digest = HEXLOWER.encode(&hash.finalize());
    format!("kadi-{}", digest.get(..32).unwrap_or_default())
}

fn address(text: &str) -> Option<Address> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | '"');
    if text.contains(odd) { None } else { text.parse().ok() }
}

fn message_id(text: &str) -> Result<String, SendFault> {
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>'));
    match text.split_once('@') {
        Some((left, right)) if plain && !left.is_empty() && !right.is_empty() && !right.contains('@') => {
            Ok(format!("<{text}>"))
        }
        Some(_) | None => Err(SendFault::unfit("the Message-ID is not of the form unique@host")),
    }
}

fn raw(name: &str, value: &str) -> Result<HeaderValue, SendFault> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if name.is_empty() || !name.bytes().all(token) || value.contains(char::is_control) {
        return Err(SendFault::unfit("an extra header cannot be written"));
    }
    let name = HeaderName::new_from_ascii(name.to_owned())
        .map_err(|_| SendFault::unfit("an extra header cannot be written"))?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

/// Text for people in a header: each run of control characters and spaces becomes one space, and nothing is
/// left that a reader would decode into other text (RFC 2047) or show in another order than it was written.
fn one_line(text: &str) -> String {
    let reorders = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let words = text.split(|c: char| c.is_control() || c.is_whitespace() || reorders(c));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").replace("=?", "= ?")
}

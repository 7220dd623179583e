//! The invoice of a link in the mail that brings the link.

use super::plain_words::{one_line, plain_words};
use super::texts::{MERCHANT_CHARS_MAX, PURPOSE_CHARS_MAX, cut};

/// The longest value of a field in a mail, in characters; the file has all of it.
const VALUE_CHARS_MAX: usize = 300;
const ADDRESS_CHARS_MAX: usize = 320;

/// What a mail says of the invoice. Address and GSTIN are the operator's word, telephone number and e-mail
/// address are what they are, or left out; all else are the merchant's words and go through [`plain_words`].
#[derive(Clone, Copy, Debug)]
pub struct InvoiceWords<'a> {
    /// Its number, of a link that has an invoice.
    pub number: Option<&'a str>,
    /// The merchant's address.
    pub address: Option<&'a str>,
    /// The merchant's tax number.
    pub gstin: Option<&'a str>,
    /// Where the merchant can be called.
    pub phone: Option<&'a str>,
    /// Where it can be written to.
    pub email: Option<&'a str>,
    /// Labels and values that the merchant filled in.
    pub fields: &'a [(&'a str, &'a str)],
    /// What is sold: how many, the name, and the merchant's code for it.
    pub items: &'a [(i64, &'a str, Option<&'a str>)],
    /// The address of the file, of such a link.
    pub file_url: Option<&'a str>,
}

/// Kadi's own words around those of an invoice, in one language.
struct Labels {
    number: &'static str,
    code: &'static str,
    address: &'static str,
    phone: &'static str,
    email: &'static str,
}

const ENGLISH: Labels =
    Labels { number: "Invoice no.", code: "Code", address: "Address", phone: "Telephone", email: "E-mail" };
const HINDI: Labels =
    Labels {
        number: "इनवॉइस नंबर", code: "कोड", address: "पता", phone: "फ़ोन", email: "ईमेल"
    };

impl InvoiceWords<'_> {
    /// Its paragraphs in English.
    pub(super) fn english(&self) -> Vec<String> {
        self.paragraphs(&ENGLISH)
    }

    /// Its paragraphs in Hindi.
    pub(super) fn hindi(&self) -> Vec<String> {
        self.paragraphs(&HINDI)
    }

    fn paragraphs(&self, labels: &Labels) -> Vec<String> {
        let mut out = Vec::new();
        let mut add = |label: &str, value: String| {
            if !value.is_empty() {
                out.push(if label.is_empty() { value } else { format!("{label}: {value}") });
            }
        };
        add(labels.number, plain_words(self.number.unwrap_or_default(), MERCHANT_CHARS_MAX));
        for (label, value) in self.fields {
            add(&plain_words(label, PURPOSE_CHARS_MAX), plain_words(value, VALUE_CHARS_MAX));
        }
        for (units, name, code) in self.items {
            let code = code.map(|code| plain_words(code, MERCHANT_CHARS_MAX)).filter(|code| !code.is_empty());
            let code = code.map(|code| format!(" ({}: {code})", labels.code)).unwrap_or_default();
            add("", format!("{units} × {}{code}", plain_words(name, PURPOSE_CHARS_MAX)));
        }
        let own = |text: Option<&str>| cut(&one_line(text.unwrap_or_default()), ADDRESS_CHARS_MAX);
        add(labels.address, own(self.address.map(|text| text.replace('\n', ", ")).as_deref()));
        add("GSTIN", own(self.gstin));
        add(labels.phone, own(self.phone.filter(|text| is_phone(text))));
        add(labels.email, own(self.email.filter(|text| is_email(text))));
        out
    }
}

/// Nothing but a telephone number, so that no words come with it.
fn is_phone(text: &str) -> bool {
    text.chars().count() <= 20
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'))
}

/// Nothing but an e-mail address.
fn is_email(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '@');
    text.len() <= 254 && text.matches('@').count() == 1 && text.chars().all(plain)
}

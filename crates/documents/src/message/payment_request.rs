//! The message that brings a link to a customer: English first, Hindi below; the SMS is English.

use super::html::{Part, document};
use super::plain_words::{one_line, plain_words};

const MERCHANT_CHARS_MAX: usize = 60;
const CUSTOMER_CHARS_MAX: usize = 60;
const PURPOSE_CHARS_MAX: usize = 120;
/// An SMS is paid for by length: names are shorter there.
const SMS_WORDS_CHARS_MAX: usize = 30;

/// What the message tells. Amount and times come formatted, for they stand on the page in the same form.
#[derive(Clone, Copy, Debug)]
pub struct PaymentRequest<'a> {
    /// The merchant's name as the operator registered it.
    pub merchant_name: &'a str,
    /// What the money is for, in the merchant's words.
    pub purpose: &'a str,
    /// The amount with its currency, such as `₹499.00`; none where the payer chooses it.
    pub amount: Option<&'a str>,
    /// The address of the payment page.
    pub url: &'a str,
    /// Until when the link can be paid.
    pub expires: Option<Expiry<'a>>,
    /// The customer's name in the merchant's words, or empty.
    pub customer_name: &'a str,
}

/// A time in words of both languages.
#[derive(Clone, Copy, Debug)]
pub struct Expiry<'a> {
    /// Such as `21 Nov 2026, 11:59 pm IST`.
    pub english: &'a str,
    /// Such as `21 नवंबर 2026, रात 11:59 बजे`.
    pub hindi: &'a str,
}

/// A message's texts for each channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// One line in plain letters, ending in the address.
    pub sms: String,
    /// A mail's subject: one line.
    pub subject: String,
    /// A mail's plain part, with the full address on a line of its own.
    pub text: String,
    /// A mail's HTML part: a whole document.
    pub html: String,
}

/// Writes the message. The merchant's and the customer's words go through [`plain_words`]; the merchant's
/// name is the operator's word and may be a domain ("Shop.in").
pub fn payment_request(request: &PaymentRequest<'_>) -> Texts {
    let facts = Facts {
        merchant: cut(&one_line(request.merchant_name), MERCHANT_CHARS_MAX),
        purpose: plain_words(request.purpose, PURPOSE_CHARS_MAX),
        customer: plain_words(request.customer_name, CUSTOMER_CHARS_MAX),
        amount: request.amount.map(one_line),
        expires: request.expires,
    };
    let subject = match &facts.amount {
        Some(amount) => format!("Payment request from {}: {amount}", facts.merchant),
        None => format!("Payment request from {}", facts.merchant),
    };
    let (english, hindi) = (facts.english(), facts.hindi());
    let parts = [english.part("en", "Open the payment page"), hindi.part("hi", "भुगतान पेज खोलें")];
    Texts {
        sms: facts.sms(request.url),
        text: format!("{}\n* * *\n\n{}", english.plain(request.url), hindi.plain(request.url)),
        html: document(&subject, request.url, &parts),
        subject,
    }
}

/// The request's words, cleaned.
struct Facts<'a> {
    merchant: String,
    purpose: String,
    customer: String,
    amount: Option<String>,
    expires: Option<Expiry<'a>>,
}

/// One language's paragraphs around the address.
struct Paragraphs {
    before: Vec<String>,
    after: Vec<String>,
}

impl Paragraphs {
    fn part(&self, lang: &'static str, button: &'static str) -> Part<'_> {
        Part { lang, before: &self.before, button, after: &self.after }
    }

    fn plain(&self, url: &str) -> String {
        let lines = self.before.iter().map(String::as_str).chain([url]);
        let lines = lines.chain(self.after.iter().map(String::as_str));
        lines.map(|line| format!("{line}\n\n")).collect()
    }
}

impl Facts<'_> {
    fn english(&self) -> Paragraphs {
        let greeting =
            if self.customer.is_empty() { "Hello,".to_owned() } else { format!("Hello {},", self.customer) };
        let request = match &self.amount {
            Some(amount) => format!("{} asks you to pay {amount}.", self.merchant),
            None => format!("{} asks you for a payment; you choose the amount.", self.merchant),
        };
        let mut before = vec![greeting, request];
        if !self.purpose.is_empty() {
            before.push(format!("For: {}", self.purpose));
        }
        let mut after = Vec::new();
        if let Some(expires) = self.expires {
            after.push(format!("The link is valid until {}.", expires.english));
        }
        after.push(
            "Pay only if you know what it is for. You never need to tell anyone your UPI PIN or an OTP."
                .to_owned(),
        );
        Paragraphs { before, after }
    }

    fn hindi(&self) -> Paragraphs {
        let greeting = if self.customer.is_empty() {
            "नमस्ते,".to_owned()
        } else {
            format!("नमस्ते {},", self.customer)
        };
        let request = match &self.amount {
            Some(amount) => format!("{} ने आपसे {amount} के भुगतान का अनुरोध किया है।", self.merchant),
            None => format!("{} ने आपसे भुगतान का अनुरोध किया है; राशि आप तय करें।", self.merchant),
        };
        let mut before = vec![greeting, request];
        if !self.purpose.is_empty() {
            before.push(format!("विवरण: {}", self.purpose));
        }
        let mut after = Vec::new();
        if let Some(expires) = self.expires {
            after.push(format!("यह लिंक {} तक मान्य है।", expires.hindi));
        }
        after.push(
            "भुगतान तभी करें जब आप जानते हों कि यह किसलिए है। \
                 अपना UPI PIN या OTP किसी को न बताएँ।"
                .to_owned(),
        );
        Paragraphs { before, after }
    }

    /// In English and without the rupee sign, so that Kadi's own words fit the letters of a plain SMS (GSM
    /// 03.38), of which a message holds more than twice as many as of others.
    fn sms(&self, url: &str) -> String {
        let merchant = cut(&self.merchant, SMS_WORDS_CHARS_MAX);
        let asked = match &self.amount {
            Some(amount) => format!("{merchant} asks you to pay {}", amount.replace('₹', "Rs ")),
            None => format!("{merchant} asks you for a payment"),
        };
        let purpose = cut(&self.purpose, SMS_WORDS_CHARS_MAX);
        if purpose.is_empty() { format!("{asked}: {url}") } else { format!("{asked} for {purpose}: {url}") }
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

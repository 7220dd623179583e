//! The message that brings a link to a customer: English first, Hindi below; the SMS is English.

use super::invoice_words::InvoiceWords;
use super::plain_words::{one_line, plain_words};
use super::texts::{
    CUSTOMER_CHARS_MAX, MERCHANT_CHARS_MAX, PURPOSE_CHARS_MAX, Paragraphs, SMS_WORDS_CHARS_MAX, Texts,
    TimeWords, cut, for_sms, greeting_english, greeting_hindi, written,
};

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
    pub expires: Option<TimeWords<'a>>,
    /// The customer's name in the merchant's words, or empty.
    pub customer_name: &'a str,
    /// Its invoice and whom to ask, where there is any of that.
    pub invoice: Option<InvoiceWords<'a>>,
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
        invoice: request.invoice,
    };
    let subject = match &facts.amount {
        Some(amount) => format!("Payment request from {}: {amount}", facts.merchant),
        None => format!("Payment request from {}", facts.merchant),
    };
    let buttons = ("Open the payment page", "भुगतान पेज खोलें");
    let sms = facts.sms(request.url);
    written(sms, subject, request.url, (&facts.english(), &facts.hindi()), buttons)
}

/// The request's words, cleaned.
struct Facts<'a> {
    merchant: String,
    purpose: String,
    customer: String,
    amount: Option<String>,
    expires: Option<TimeWords<'a>>,
    invoice: Option<InvoiceWords<'a>>,
}

impl Facts<'_> {
    fn english(&self) -> Paragraphs {
        let request = match &self.amount {
            Some(amount) => format!("{} asks you to pay {amount}.", self.merchant),
            None => format!("{} asks you for a payment; you choose the amount.", self.merchant),
        };
        let mut before = vec![greeting_english(&self.customer), request];
        if !self.purpose.is_empty() {
            before.push(format!("For: {}", self.purpose));
        }
        before.extend(self.invoice.iter().flat_map(InvoiceWords::english));
        let mut after = Vec::new();
        if let Some(expires) = self.expires {
            after.push(format!("The link is valid until {}.", expires.english));
        }
        after.push(
            "Pay only if you know what it is for. You never need to tell anyone your UPI PIN or an OTP."
                .to_owned(),
        );
        Paragraphs { before, after, file: self.file("Invoice as a PDF file") }
    }

    fn hindi(&self) -> Paragraphs {
        let request = match &self.amount {
            Some(amount) => format!("{} ने आपसे {amount} के भुगतान का अनुरोध किया है।", self.merchant),
            None => format!("{} ने आपसे भुगतान का अनुरोध किया है; राशि आप तय करें।", self.merchant),
        };
        let mut before = vec![greeting_hindi(&self.customer), request];
        if !self.purpose.is_empty() {
            before.push(format!("विवरण: {}", self.purpose));
        }
        before.extend(self.invoice.iter().flat_map(InvoiceWords::hindi));
        let mut after = Vec::new();
        if let Some(expires) = self.expires {
            after.push(format!("यह लिंक {} तक मान्य है।", expires.hindi));
        }
        after.push(
            "भुगतान तभी करें जब आप जानते हों कि यह किसलिए है। \
                 अपना UPI PIN या OTP किसी को न बताएँ।"
                .to_owned(),
        );
        Paragraphs { before, after, file: self.file("इनवॉइस (PDF फ़ाइल)") }
    }

    fn file(&self, name: &'static str) -> Option<(&'static str, String)> {
        let url = self.invoice.and_then(|invoice| invoice.file_url)?;
        Some((name, url.to_owned()))
    }

    fn sms(&self, url: &str) -> String {
        let merchant = cut(&self.merchant, SMS_WORDS_CHARS_MAX);
        let asked = match &self.amount {
            Some(amount) => format!("{merchant} asks you to pay {}", for_sms(amount)),
            None => format!("{merchant} asks you for a payment"),
        };
        let purpose = cut(&self.purpose, SMS_WORDS_CHARS_MAX);
        if purpose.is_empty() { format!("{asked}: {url}") } else { format!("{asked} for {purpose}: {url}") }
    }
}

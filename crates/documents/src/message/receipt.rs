//! The receipt for a payment: English first, Hindi below; the SMS is English.

use super::plain_words::{one_line, plain_words};
use super::texts::{
    CUSTOMER_CHARS_MAX, MERCHANT_CHARS_MAX, PURPOSE_CHARS_MAX, Paragraphs, SMS_WORDS_CHARS_MAX, Texts,
    TimeWords, cut, for_sms, greeting_english, greeting_hindi, written,
};

/// What the receipt tells. Amounts and times come formatted, for they stand on the page in the same form.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The merchant's name as the operator registered it.
    pub merchant_name: &'a str,
    /// What the money is for, in the merchant's words.
    pub purpose: &'a str,
    /// What the payer was charged, with its currency.
    pub amount: &'a str,
    /// When it was booked.
    pub paid: TimeWords<'a>,
    /// What the payer quotes in questions: the bank's reference of the payment.
    pub payment_reference: &'a str,
    /// The link's code.
    pub link_reference: &'a str,
    /// What was left after it, where the link is paid in parts.
    pub left: Option<&'a str>,
    /// The address of the payment page.
    pub url: &'a str,
    /// The customer's name in the merchant's words, or empty.
    pub customer_name: &'a str,
}

/// Writes the receipt; whose words are trusted how far: as in a payment request.
pub fn receipt(receipt: &Receipt<'_>) -> Texts {
    let words = Words {
        merchant: cut(&one_line(receipt.merchant_name), MERCHANT_CHARS_MAX),
        purpose: plain_words(receipt.purpose, PURPOSE_CHARS_MAX),
        customer: plain_words(receipt.customer_name, CUSTOMER_CHARS_MAX),
        reference: one_line(receipt.payment_reference),
        facts: receipt,
    };
    let subject = format!("Receipt from {}: {}", words.merchant, receipt.amount);
    let buttons = ("Open the payment page", "भुगतान पेज खोलें");
    let paragraphs = (&words.english(), &words.hindi());
    written(words.sms(), subject, receipt.url, paragraphs, buttons)
}

/// The receipt's words, cleaned.
struct Words<'a> {
    merchant: String,
    purpose: String,
    customer: String,
    reference: String,
    facts: &'a Receipt<'a>,
}

impl Words<'_> {
    fn english(&self) -> Paragraphs {
        let Receipt { amount, paid, link_reference, left, .. } = self.facts;
        let mut before = vec![
            greeting_english(&self.customer),
            format!("{} has received your payment of {amount}.", self.merchant),
        ];
        if !self.purpose.is_empty() {
            before.push(format!("For: {}", self.purpose));
        }
        before.push(format!("Paid on: {}", paid.english));
        before.push(format!("Payment reference: {}", self.reference));
        before.push(format!("Payment link: {link_reference}"));
        if let Some(left) = left {
            before.push(format!("Left to pay: {left}"));
        }
        let after = "Keep this mail as your receipt. If you did not make this payment, ask the merchant.";
        Paragraphs { before, after: vec![after.to_owned()], file: None }
    }

    fn hindi(&self) -> Paragraphs {
        let Receipt { amount, paid, link_reference, left, .. } = self.facts;
        let mut before = vec![
            greeting_hindi(&self.customer),
            format!("{} को आपका {amount} का भुगतान मिल गया है।", self.merchant),
        ];
        if !self.purpose.is_empty() {
            before.push(format!("विवरण: {}", self.purpose));
        }
        before.push(format!("भुगतान का समय: {}", paid.hindi));
        before.push(format!("भुगतान संदर्भ: {}", self.reference));
        before.push(format!("भुगतान लिंक: {link_reference}"));
        if let Some(left) = left {
            before.push(format!("शेष राशि: {left}"));
        }
        let after = "इस ईमेल को अपनी रसीद के रूप में रखें। \
                     यदि यह भुगतान आपने नहीं किया है, तो व्यापारी से पूछें।";
        Paragraphs { before, after: vec![after.to_owned()], file: None }
    }

    fn sms(&self) -> String {
        let merchant = cut(&self.merchant, SMS_WORDS_CHARS_MAX);
        let (amount, reference) = (for_sms(self.facts.amount), cut(&self.reference, SMS_WORDS_CHARS_MAX));
        format!("{merchant} has received {amount} (reference {reference}): {}", self.facts.url)
    }
}

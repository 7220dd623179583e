//! Texts of links that no rule depends on.

/// Texts of a link that no rule depends on; each kind stands at most once per position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextKind {
    /// A private note, never shown to the payer.
    Notes,
    /// Shown after a successful payment.
    SuccessMessage,
    /// Where the browser goes after success.
    SuccessUrl,
    /// Where the browser goes after failure.
    FailureUrl,
    /// Where the browser posts the result as a signed form.
    BrowserCallbackUrl,
    /// The merchant's id of the request, echoed.
    RequestId,
    /// The merchant's own unique reference, echoed.
    MerchantReference,
    /// The merchant's id for the order of the first payment.
    OrderId,
    /// The merchant's phone number on the invoice.
    InvoicePhone,
    /// The merchant's e-mail address on the invoice.
    InvoiceEmail,
    /// The reseller whom the merchant named.
    ResellerId,
    /// The merchant's reference `ref<position>`.
    Extend,
    /// Terms and conditions of the merchant.
    Conditions,
    /// What the merchant wants to read again, as its dialect writes it.
    Attributes,
    /// What is sold, line by line, where the lines need not add up to the amount; as its dialect writes it.
    Items,
    /// How many characters of the customer's name are the first name.
    FirstNameChars,
    /// The merchant's point of sale.
    PosId,
    /// What was ordered, in the merchant's words.
    OrderDetails,
    /// The bill that is asked for, in the merchant's words.
    InvoiceDetails,
    /// What the merchant says to the payer.
    Comment,
    /// The merchant's words on GST: a JSON object of texts.
    GstInformation,
}

/// One text of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkText {
    /// What it is.
    pub kind: TextKind,
    /// 0, or the number of a numbered kind.
    pub position: i64,
    /// The text as the merchant sent it.
    pub value: String,
}

/// The text of a kind that stands once.
pub fn text_of(texts: &[LinkText], kind: TextKind) -> Option<&str> {
    texts.iter().find(|text| text.kind == kind).map(|text| text.value.as_str())
}

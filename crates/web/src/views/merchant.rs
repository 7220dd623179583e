//! The merchant as a payer sees it.

/// Who is paid, and how a payer reaches them.
#[derive(Clone, Copy, Debug)]
pub struct Merchant<'a> {
    /// The name that the payer knows.
    pub name: &'a str,
    /// A telephone number for questions, as the merchant wrote it.
    pub phone: Option<&'a str>,
    /// An e-mail address for questions.
    pub email: Option<&'a str>,
}

impl Merchant<'_> {
    pub(crate) fn has_contact(&self) -> bool {
        self.phone.is_some() || self.email.is_some()
    }
}

/// A telephone number as a `tel:` address takes it: digits, and a plus sign in front.
pub(crate) fn dialled(phone: &str) -> String {
    let plus = if phone.trim_start().starts_with('+') { "+" } else { "" };
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    format!("{plus}{digits}")
}

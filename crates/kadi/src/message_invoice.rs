//! What the mail that brings a link says of its invoice.

use kadi_dialects::door::Door;
use kadi_documents::invoice::{number_by, shown_fields};
use kadi_documents::message::InvoiceWords;
use kadi_engine::domain::invoice::Invoice;
use kadi_engine::domain::link::{Line, Link, LinkText, TextKind, text_of};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::{Reader, Trouble};

/// A link's invoice, and whom its customer may ask.
#[derive(Default)]
pub(crate) struct MessageInvoice {
    filled: Option<Invoice>,
    lines: Vec<Line>,
    texts: Vec<LinkText>,
    references: Vec<ReferenceKey>,
}

impl MessageInvoice {
    pub(crate) fn gather(reader: &mut Reader, door: &Door, link: &Link) -> Result<Self, Trouble> {
        let sealed = reader.invoice_of(link)?;
        let filled = sealed.map(|sealed| sealed.open(door.engine.keys())).transpose();
        Ok(Self {
            filled: filled.map_err(Trouble::Broken)?,
            lines: reader.lines_of(link.id)?,
            texts: reader.texts_of(link.id)?,
            references: reader.references_of(link.id)?,
        })
    }

    /// Hands `write` what there is to say, if anything.
    pub(crate) fn words<T>(
        &self,
        link: &Link,
        merchant: &Merchant,
        file_url: &str,
        write: impl FnOnce(Option<InvoiceWords<'_>>) -> T,
    ) -> T {
        let is_invoice = self.filled.is_some() || !self.lines.is_empty();
        let number = number_by(link.id, self.filled.is_some(), &self.references);
        let fields = self.filled.as_ref().map(shown_fields).unwrap_or_default();
        let items: Vec<_> =
            self.lines.iter().map(|line| (line.units, line.name.as_str(), line.code.as_deref())).collect();
        let words = InvoiceWords {
            number: is_invoice.then_some(&number),
            address: merchant.address.as_deref().filter(|_| is_invoice),
            gstin: merchant.gstin.as_deref().filter(|_| is_invoice),
            phone: text_of(&self.texts, TextKind::InvoicePhone),
            email: text_of(&self.texts, TextKind::InvoiceEmail),
            fields: &fields,
            items: &items,
            file_url: is_invoice.then_some(file_url),
        };
        write((is_invoice || words.phone.is_some() || words.email.is_some()).then_some(words))
    }
}

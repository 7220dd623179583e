//! Everything that is shown of a link, gathered in one query.

use kadi_engine::command::Failure;
use kadi_engine::domain::amount::{Currency as Unit, Minor};
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::link::{Line, Link, LinkText, TextKind};
use kadi_engine::domain::merchant::{Environment, Merchant as Payee};
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::{Reader, Trouble};

use super::Pages;
use crate::{Currency, Merchant, Money};

/// A link with what a page shows of it.
pub(super) struct Shown {
    pub(super) link: Link,
    pub(super) payee: Payee,
    pub(super) lines: Vec<Line>,
    pub(super) texts: Vec<LinkText>,
    pub(super) references: Vec<ReferenceKey>,
    pub(super) payment: Option<Payment>,
}

impl Shown {
    /// The link behind a code, and one of its payments where that is asked for; none where either is unknown.
    pub(super) async fn find(
        pages: &Pages,
        code: &str,
        payment: Option<PaymentId>,
    ) -> Result<Option<Self>, Failure> {
        let Some(id) = pages.engine.keys().code().decode(code) else { return Ok(None) };
        let query = move |reader: &mut Reader| {
            let Some(link) = reader.link(id)? else { return Ok(None) };
            let found = payment.map(|payment| reader.payment(payment)).transpose()?.flatten();
            let found = found.filter(|found| found.link_id == id);
            if payment.is_some() && found.is_none() {
                return Ok(None);
            }
            let payee = reader.merchant(link.merchant_id)?;
            let payee = payee.ok_or_else(|| Trouble::Broken(Fault::new("a link without its merchant")))?;
            Ok(Some(Self {
                lines: reader.lines_of(id)?,
                texts: reader.texts_of(id)?,
                references: reader.references_of(id)?,
                payment: found,
                payee,
                link,
            }))
        };
        pages.engine.query(query).await
    }

    /// Is it a test merchant's?
    pub(super) fn is_test(&self) -> bool {
        self.payee.environment == Environment::Test
    }

    /// The merchant's name and whether it is a test merchant.
    pub(super) fn name(&self) -> (&str, bool) {
        (&self.payee.name, self.is_test())
    }

    /// The merchant as pages show it.
    pub(super) fn merchant(&self) -> Merchant<'_> {
        Merchant {
            name: &self.payee.name,
            phone: self.text(TextKind::InvoicePhone),
            email: self.text(TextKind::InvoiceEmail),
        }
    }

    /// A text that stands once.
    pub(super) fn text(&self, kind: TextKind) -> Option<&str> {
        self.texts.iter().find(|text| text.kind == kind).map(|text| text.value.as_str())
    }

    /// An amount of the link.
    pub(super) fn money(&self, amount: Minor) -> Money<'_> {
        money(amount, &self.link.currency)
    }
}

/// An amount as pages show it.
pub(super) fn money(amount: Minor, unit: &Unit) -> Money<'_> {
    Money { minor: amount.get(), currency: Currency { code: unit.code(), exponent: unit.exponent() } }
}

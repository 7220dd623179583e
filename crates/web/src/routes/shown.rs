//! Everything that is shown of a link.

use std::sync::Arc;

use kadi_engine::Reader;
use kadi_engine::command::Failure;
use kadi_engine::domain::amount::{Currency as Unit, Minor};
use kadi_engine::domain::id::PaymentId;
use kadi_engine::domain::link::{TextKind, text_of};
use kadi_engine::domain::merchant::{Environment, Merchant as Payee};
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::faces::LinkPage;

use super::Pages;
use crate::{Currency, Merchant, Money};

/// A link with what a page shows of it.
pub(super) struct Shown {
    pub(super) page: Arc<LinkPage>,
    pub(super) payee: Arc<Payee>,
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
        // The payment first: a link that was read before it would not know of its end.
        let payment = match payment {
            None => None,
            Some(payment) => {
                let found = pages.engine.query(move |reader: &mut Reader| reader.payment(payment)).await?;
                let Some(found) = found.filter(|found| found.link_id == id) else { return Ok(None) };
                Some(found)
            }
        };
        let Some(page) = pages.engine.link_page(id).await? else { return Ok(None) };
        let payee = pages.engine.merchant(page.link.merchant_id).await?;
        let payee = payee.ok_or_else(|| Failure::Broken(Fault::new("a link without its merchant")))?;
        Ok(Some(Self { page, payee, payment }))
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
        text_of(&self.page.texts, kind)
    }

    /// An amount of the link.
    pub(super) fn money(&self, amount: Minor) -> Money<'_> {
        money(amount, &self.page.link.currency)
    }
}

/// An amount as pages show it.
pub(super) fn money(amount: Minor, unit: &Unit) -> Money<'_> {
    Money { minor: amount.get(), currency: Currency { code: unit.code(), exponent: unit.exponent() } }
}

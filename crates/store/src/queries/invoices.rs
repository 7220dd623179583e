//! Questions about invoices that are drawn from a template.

use std::collections::BTreeMap;

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::invoice::SealedInvoice;
use kadi_domain::link::Link;
use kadi_domain::refusal::Fault;
use kadi_domain::template::TemplateKind;

use crate::codes::opt_coded;
use crate::reader::Reader;
use crate::row::{first, read};
use crate::sql::{Value, statements};
use crate::tables::invoices;
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    // What a link names as its template is found even where there is no such row.
    DRAWN(link_id Int) =
        "SELECT link_invoice.link_id, template.merchant_id, template.kind FROM link_invoice \
         JOIN link ON link.id = link_invoice.link_id \
         LEFT JOIN template ON template.id = link.invoice_template_id, input \
         WHERE link_invoice.link_id = input.link_id";
}

/// Of a link whose invoice is kept: whose template its invoice is drawn from, and of which kind.
pub(crate) type Drawn = Option<(MerchantId, TemplateKind)>;

impl Reader {
    /// The invoice of a link, still sealed; none, and nothing is read, where it has none of its own.
    pub fn invoice_of(&self, link: &Link) -> Result<Option<SealedInvoice>, Trouble> {
        let Some(template) = link.terms.invoice else { return Ok(None) };
        let lost =
            |what| Trouble::Broken(Fault::new(format!("the {what} of link {} is missing", link.id.get())));
        let template = self.template(template)?.ok_or_else(|| lost("invoice template"))?;
        let fields = first(self.ask(&invoices::OF, row![link.id])?, |row| row.opt_bytes())?.flatten();
        let fields = fields.ok_or_else(|| lost("invoice"))?;
        Ok(Some(SealedInvoice { link_id: link.id, template, fields }))
    }

    /// Those of these links whose invoices are kept, with the templates that they name.
    pub(crate) fn drawn(&self, input: Vec<Vec<Value>>) -> Result<BTreeMap<LinkId, Drawn>, Trouble> {
        let rows = read(self.driver().query(&DRAWN, input)?, |row| {
            let link = LinkId::new(row.int()?);
            Ok((link, row.opt_int()?.map(MerchantId::new).zip(opt_coded(row)?)))
        })?;
        Ok(rows.into_iter().collect())
    }
}

//! Invoices that are drawn from a template: the values of its fields, sealed with their link, and the number
//! by which people call an invoice.

use crate::fields::{FieldValues, open_values};
use crate::id::{ID_LIMIT, LinkId};
use crate::moment::Moment;
use crate::refusal::Fault;
use crate::seal::{Keyring, Place};
use crate::secret::Pii;
use crate::template::{Field, Template};

/// What every number begins with.
const PREFIX: &str = "INV";
/// The digits 0-9 and A-Z.
const RADIX: u32 = 36;

/// The invoice of a link as it is kept: the version of the template with which the link was made, and the
/// values of its fields, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedInvoice {
    /// Whose invoice.
    pub link_id: LinkId,
    /// The version of the template; it never changes, whatever is imported later.
    pub template: Template,
    /// The values.
    pub fields: Vec<u8>,
}

impl SealedInvoice {
    /// The invoice in plain text; a fault where it does not open or does not fit its template.
    pub fn open(&self, keys: &Keyring) -> Result<Invoice, Fault> {
        let values = open_values(place(self.link_id), &self.fields, &self.template, keys)?;
        Ok(Invoice { template: self.template.clone(), values })
    }
}

/// An invoice in plain text, as a page, a document or a program shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    template: Template,
    values: Vec<Pii>,
}

impl Invoice {
    /// The invoice of values for a version of a template; a fault where they fill another one.
    pub fn new(template: Template, values: &FieldValues) -> Result<Self, Fault> {
        if values.template_id() != template.id {
            return Err(Fault::new(format!("template {} was not filled", template.id.get())));
        }
        Ok(Self { values: values.plain(), template })
    }

    /// The version of the template that it is drawn from.
    pub const fn template(&self) -> &Template {
        &self.template
    }

    /// Its fields (name, label, type) in order, with their values; empty where nothing was given.
    pub fn fields(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.template.fields.iter().zip(self.values.iter().map(Pii::expose))
    }
}

/// Seals the values of an invoice for the row of their link.
pub(crate) fn seal_invoice(
    link: LinkId,
    values: &FieldValues,
    moment: &mut Moment<'_>,
) -> Result<Vec<u8>, Fault> {
    values.seal(place(link), moment.nonce()?, moment.keys)
}

/// The number of a link's invoice: `INV` and the link's id to the base of 36, in capitals. Every link has
/// one, whether or not it has an invoice of its own.
pub fn invoice_number(link: LinkId) -> String {
    let (mut rest, radix) = (link.get().unsigned_abs(), u64::from(RADIX));
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(rest % radix).ok().and_then(|digit| char::from_digit(digit, RADIX));
        digits.extend(digit.map(|digit| digit.to_ascii_uppercase()));
        rest /= radix;
        if rest == 0 {
            break;
        }
    }
    PREFIX.chars().chain(digits.into_iter().rev()).collect()
}

/// The link whose invoice has this number, exactly as [`invoice_number`] writes it; none for any other text.
/// Whether there is such a link, and whose it is, is to be asked.
pub fn link_of_invoice_number(number: &str) -> Option<LinkId> {
    let id = i64::from_str_radix(number.strip_prefix(PREFIX)?, RADIX).ok()?;
    let link = (0..ID_LIMIT).contains(&id).then(|| LinkId::new(id))?;
    (invoice_number(link) == number).then_some(link)
}

const fn place(link: LinkId) -> Place {
    Place { table: "link_invoice", row: link.get(), column: "fields" }
}

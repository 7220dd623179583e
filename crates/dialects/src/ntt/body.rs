//! The members of a request: flat or nested, each under one of its spellings (specs, part 3).

use super::codes::{BAD_REQUEST, No, PARAMETERS_MISSING, VALUE_MISSING};
use crate::shared::fields::Fields;
use crate::shared::json::scan;

/// A member with all its spellings; the first is the one of our docs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member(pub(super) &'static [&'static str]);

pub(super) const ACTION: Member = Member(&["action"]);
pub(super) const MERCH_ID: Member = Member(&["merchId", "MID", "mid"]);
pub(super) const PASSWORD: Member = Member(&["password", "Password"]);
pub(super) const SIGNATURE: Member = Member(&["signature", "Signature"]);
pub(super) const TEMPLATE_NO: Member = Member(&["templateNo", "templateNumber", "templateId"]);
pub(super) const MERCHANT_TXN_ID: Member = Member(&["merchantTxnId", "merchTxnId"]);
pub(super) const AMOUNT: Member = Member(&["amount"]);
pub(super) const TXN_CURRENCY: Member = Member(&["txnCurrency"]);
pub(super) const CUST_NAME: Member = Member(&["custName", "customerName"]);
pub(super) const CUST_EMAIL: Member = Member(&["custEmail", "email"]);
pub(super) const CUST_MOBILE: Member = Member(&["custMobile", "mobile"]);
pub(super) const TEMPLATE_FIELDS: Member = Member(&["templateFields", "fields"]);
pub(super) const EXPIRY_DATE: Member = Member(&["expiryDate"]);
pub(super) const RETURN_URL: Member = Member(&["returnUrl"]);
pub(super) const UDF: [Member; 5] =
    [Member(&["udf1"]), Member(&["udf2"]), Member(&["udf3"]), Member(&["udf4"]), Member(&["udf5"])];
pub(super) const INVOICE_NO: Member = Member(&["invoiceNo", "InvoiceNo"]);

/// What every call may carry.
const OF_EVERY_CALL: [Member; 3] = [MERCH_ID, PASSWORD, SIGNATURE];
/// The objects of the nested form.
const ACCOUNT_VALIDATION: &str = "accountValidation";
const PARAM: &str = "param";

impl Member {
    /// Its name in details.
    pub(super) fn name(self) -> &'static str {
        self.0.first().copied().unwrap_or_default()
    }
}

/// A request whose JSON is whole; nothing in it is trusted yet.
#[derive(Debug)]
pub(super) struct Body<'a> {
    /// The request itself and, in the nested form, its two objects.
    objects: Vec<Fields<'a>>,
    /// Does it name its action?
    by_action: bool,
}

impl<'a> Body<'a> {
    /// Takes a request apart; `by_action` where it is one that names its action.
    pub(super) fn open(bytes: &'a [u8], by_action: bool) -> Result<Self, No> {
        let json = scan(bytes)?;
        let whole =
            Fields::parse(json.text()).ok_or_else(|| VALUE_MISSING.with("the body is not an object"))?;
        let mut objects = Vec::new();
        for name in [ACCOUNT_VALIDATION, PARAM] {
            objects.extend(whole.object(name)?);
        }
        objects.insert(0, whole);
        Ok(Self { objects, by_action })
    }

    /// Where a member stands: the object, and its spelling there; refused where it stands twice, since two
    /// readers could take different ones.
    fn place(&self, member: Member) -> Result<Option<(&Fields<'a>, &'static str)>, No> {
        let spellings = |object| member.0.iter().map(move |&name| (object, name));
        let mut all = self.objects.iter().flat_map(spellings);
        let mut places = all.by_ref().filter(|(object, name): &(&Fields<'a>, _)| object.raw(name).is_some());
        let place = places.next();
        match places.next() {
            Some(_) => Err(BAD_REQUEST.with(format!("{}: stands twice", member.name()))),
            None => Ok(place),
        }
    }

    /// The text of a string, or the lexeme of a number where `numbers` may be; exactly as sent.
    fn read(&self, member: Member, numbers: bool) -> Result<Option<String>, No> {
        let Some((object, name)) = self.place(member)? else { return Ok(None) };
        let text = if numbers { object.number_or_text(name) } else { object.text(name, usize::MAX) };
        Ok(text?)
    }

    /// A text that may be absent or empty.
    pub(super) fn text(&self, member: Member) -> Result<Option<String>, No> {
        self.read(member, false)
    }

    /// A text or number.
    pub(super) fn text_or_number(&self, member: Member) -> Result<Option<String>, No> {
        self.read(member, true)
    }

    /// An object.
    pub(super) fn object(&self, member: Member) -> Result<Option<Fields<'a>>, No> {
        let Some((object, name)) = self.place(member)? else { return Ok(None) };
        Ok(object.object(name)?)
    }

    /// Checks what a call cannot do without: all of it must be there (OTS1001), and then not empty (OTS1008).
    pub(super) fn demand(&self, members: &[Member]) -> Result<(), No> {
        for member in members {
            if self.place(*member)?.is_none() {
                return Err(PARAMETERS_MISSING.with(member.name()));
            }
        }
        for member in members {
            let is_blank = |(object, name): (&Fields<'_>, &'static str)| {
                object
                    .text(name, usize::MAX)
                    .is_ok_and(|text| text.is_some_and(|text| text.trim().is_empty()))
            };
            if self.place(*member)?.is_some_and(is_blank) {
                return Err(VALUE_MISSING.with(member.name()));
            }
        }
        Ok(())
    }

    /// What was demanded before.
    pub(super) fn demanded(&self, member: Member, numbers: bool) -> Result<String, No> {
        self.read(member, numbers)?.ok_or_else(|| PARAMETERS_MISSING.with(member.name()))
    }

    /// Refuses every member that the call does not know: nothing is read and ignored.
    pub(super) fn refuse_others(&self, known: &[Member]) -> Result<(), No> {
        let is_known = |name: &str| {
            let mut all = OF_EVERY_CALL.iter().chain(known);
            all.any(|member| member.0.contains(&name)) || (self.by_action && ACTION.0.contains(&name))
        };
        for (at, object) in self.objects.iter().enumerate() {
            let is_form = |name: &str| at == 0 && [ACCOUNT_VALIDATION, PARAM].contains(&name);
            let mut names = object.names().filter(|name| object.raw(name).is_some());
            if let Some(name) = names.find(|name| !is_known(name) && !is_form(name)) {
                return Err(BAD_REQUEST.with(format!("{}: is not known to this call", object.wrong(name))));
            }
        }
        Ok(())
    }
}

//! Customers: sealed contacts and their blind indexes.

use kadi_domain::customer::Customer;
use kadi_domain::id::{CustomerId, MerchantId};
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;

use crate::row::Row;
use crate::sql::{Step, statements};
use crate::value::row;

statements! {
    INSERT(
        id Int, merchant_id Int, name Bytes, mobile Bytes, email Bytes, external_id Bytes, name_index Bytes,
        mobile_index Bytes, email_index Bytes,
    ) = { insert "customer" };
    BY_ID(id Int) =
        "SELECT customer.id, customer.merchant_id, customer.name, customer.mobile, customer.email, \
         customer.external_id, customer.name_index, customer.mobile_index, customer.email_index \
         FROM customer, input WHERE customer.id = input.id";
}

/// The step that stores new customers.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, &view.added.customers, |customer| {
        row![
            customer.id,
            customer.merchant_id,
            customer.name.as_ref(),
            customer.mobile.as_ref(),
            customer.email.as_ref(),
            customer.external_id.as_ref(),
            customer.name_index.as_ref(),
            customer.mobile_index.as_ref(),
            customer.email_index.as_ref(),
        ]
    }));
}

/// A customer from the columns of [`BY_ID`].
pub(crate) fn customer_of(row: &mut Row) -> Result<Customer, Fault> {
    Ok(Customer {
        id: CustomerId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        name: row.opt_bytes()?,
        mobile: row.opt_bytes()?,
        email: row.opt_bytes()?,
        external_id: row.opt_bytes()?,
        name_index: row.opt_bytes()?,
        mobile_index: row.opt_bytes()?,
        email_index: row.opt_bytes()?,
    })
}

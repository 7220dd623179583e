//! Customers: sealed contacts and their blind indexes.

use kadi_domain::customer::Customer;
use kadi_domain::id::{CustomerId, LinkId, MerchantId};
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::value::row;

/// The columns that [`customer_of`] reads.
macro_rules! customer_columns {
    () => {
        "customer.id, customer.merchant_id, customer.name, customer.mobile, customer.email, \
         customer.external_id, customer.name_index, customer.mobile_index, customer.email_index"
    };
}

statements! {
    INSERT(
        id Int, merchant_id Int, name Bytes, mobile Bytes, email Bytes, external_id Bytes, name_index Bytes,
        mobile_index Bytes, email_index Bytes,
    ) = { insert "customer" };
    BY_ID(id Int) = {
        concat!("SELECT ", customer_columns!(), " FROM customer, input WHERE customer.id = input.id")
    };
    RENAME(id Int, name Bytes, name_index Bytes) =
        "UPDATE customer SET name = input.name, name_index = input.name_index FROM input \
         WHERE customer.id = input.id";
    // A link's customer is always the same row; only a command that has locked the link changes it.
    OF_LINKS(link_id Int) = {
        concat!(
            "SELECT link.id, ", customer_columns!(), " FROM link, customer, input \
             WHERE link.id = input.link_id AND customer.id = link.customer_id"
        )
    };
}

/// Loads the customers of the links that were asked for. A link without one is loaded as having none.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.payers.iter().map(|id| row![*id]).collect();
    asks.one(&OF_LINKS, input, |rows, view| {
        needs.payers.iter().for_each(|id| view.payers.load(*id, None));
        for (link, customer) in read(rows, |row| Ok((LinkId::new(row.int()?), customer_of(row)?)))? {
            view.payers.load(link, Some(customer));
        }
        Ok(())
    });
}

/// The steps that store new customers, and new names.
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
    steps.push(Step::over(&RENAME, view.added.customers_renamed.values(), |customer| {
        row![customer.id, customer.name.as_ref(), customer.name_index.as_ref()]
    }));
}

/// A customer from the columns of `customer_columns!`.
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

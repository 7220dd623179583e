//! Loading all that a batch asked for, one statement per kind, kinds in one fixed order.

use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::driver::Driver;
use crate::tables::{
    books, charges, credentials, customers, deliveries, installation, jobs, keys, links, merchants, messages,
    obligations, one_time_codes, parts, payments, refunds, risk, split_refunds, splits, templates,
};
use crate::trouble::Trouble;

/// Puts every record that was asked for on its shelf. Obligations are locked before links, links before
/// payments, payments before refunds, refunds before paces, then the smaller kinds.
pub(crate) fn load(driver: &Driver, needs: &Needs) -> Result<View, Trouble> {
    let (mut view, mut asks) = (View::default(), Asks::default());
    obligations::ask(needs, &mut asks);
    links::ask(needs, &mut asks);
    payments::ask(needs, &mut asks);
    charges::ask(needs, &mut asks);
    refunds::ask(needs, &mut asks);
    customers::ask(needs, &mut asks);
    one_time_codes::ask(needs, &mut asks);
    messages::ask(needs, &mut asks);
    deliveries::ask(needs, &mut asks);
    jobs::ask(needs, &mut asks);
    merchants::ask(needs, &mut asks);
    credentials::ask(needs, &mut asks);
    keys::ask(needs, &mut asks);
    parts::ask(needs, &mut asks);
    splits::ask(needs, &mut asks);
    split_refunds::ask(needs, &mut asks);
    risk::ask(needs, &mut asks);
    books::ask(needs, &mut asks);
    installation::ask(needs, &mut asks);
    asks.put(driver, &mut view)?;
    merchants::load_named(driver, needs, &mut view)?;
    templates::load(driver, needs, &mut view)?;
    risk::load_counted(driver, needs, &mut view)?;
    Ok(view)
}

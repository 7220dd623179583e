//! Loading all that a batch asked for, one statement per kind, kinds in one fixed order.

use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::sqlite::Sqlite;
use crate::tables::{
    books, credentials, deliveries, installation, jobs, keys, links, merchants, messages, parts, payments,
    templates,
};
use crate::trouble::Trouble;

/// Puts every record that was asked for on its shelf. Links are locked before payments, then the smaller
/// kinds.
pub(crate) fn load(driver: &Sqlite, needs: &Needs) -> Result<View, Trouble> {
    let mut view = View::default();
    links::load(driver, needs, &mut view)?;
    payments::load(driver, needs, &mut view)?;
    messages::load(driver, needs, &mut view)?;
    deliveries::load(driver, needs, &mut view)?;
    jobs::load(driver, needs, &mut view)?;
    merchants::load(driver, needs, &mut view)?;
    credentials::load(driver, needs, &mut view)?;
    templates::load(driver, needs, &mut view)?;
    keys::load(driver, needs, &mut view)?;
    parts::load(driver, needs, &mut view)?;
    books::load(driver, needs, &mut view)?;
    installation::load(driver, needs, &mut view)?;
    Ok(view)
}

//! Obligations, found by their links and by what their merchants call them.

use kadi_domain::id::{LinkId, MerchantId, ObligationId, PaymentId};
use kadi_domain::obligation::{Obligation, ObligationKey};
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::value::row;

/// The columns that [`obligation_of`] reads.
macro_rules! obligation_columns {
    () => {
        "obligation.id, obligation.merchant_id, obligation.name, obligation.currency, obligation.amount, \
         obligation.link_count, obligation.paid_by, obligation.version"
    };
}
pub(crate) use obligation_columns;

statements! {
    // A link's obligation never changes, so that its own row need not be locked for this.
    OF_LINKS(link_id Int) locks "obligation" = {
        concat!(
            "SELECT link.id, ", obligation_columns!(), " FROM link, obligation, input \
             WHERE link.id = input.link_id AND obligation.id = link.obligation_id ORDER BY obligation.id"
        )
    };
    NAMED(merchant_id Int, name Text) locks "obligation" = {
        concat!(
            "SELECT ", obligation_columns!(), " FROM obligation, input \
             WHERE obligation.merchant_id = input.merchant_id AND obligation.name = input.name \
             ORDER BY obligation.id"
        )
    };
    INSERT(
        id Int, merchant_id Int, name Text, currency Text, amount Int, link_count Int, paid_by Int,
        version Int,
    ) = { insert "obligation" };
    UPDATE(id Int, version Int, link_count Int, paid_by Int) =
        "UPDATE obligation SET link_count = input.link_count, paid_by = input.paid_by, \
         version = input.version + 1 \
         FROM input WHERE obligation.id = input.id AND obligation.version = input.version";
}

/// Loads the obligations that were asked for. A link without one is loaded as having none.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.obligations.iter().map(|id| row![*id]).collect();
    asks.one(&OF_LINKS, input, |rows, view| {
        needs.obligations.iter().for_each(|id| view.obligations_of.load(*id, None));
        for (link, obligation) in read(rows, |row| Ok((LinkId::new(row.int()?), obligation_of(row)?)))? {
            view.obligations_of.load(link, Some(obligation.id));
            view.obligations.load(obligation.id, Some(obligation));
        }
        Ok(())
    });
    let input = needs.obligation_names.iter().map(|key| row![key.merchant_id, &key.name]).collect();
    asks.one(&NAMED, input, |rows, view| {
        needs.obligation_names.iter().for_each(|key| view.obligation_names.load(key.clone(), None));
        for obligation in read(rows, obligation_of)? {
            view.obligation_names.load(obligation.key.clone(), Some(obligation.id));
            view.obligations.load(obligation.id, Some(obligation));
        }
        Ok(())
    });
}

/// The steps that store new and changed obligations.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.obligations.new_ones(), |obligation| {
        row![
            obligation.id,
            obligation.key.merchant_id,
            &obligation.key.name,
            obligation.currency,
            obligation.amount,
            obligation.link_count,
            obligation.paid_by,
            obligation.version,
        ]
    }));
    steps.push(Step::over(&UPDATE, view.obligations.changed_ones(), |obligation| {
        row![obligation.id, obligation.version, obligation.link_count, obligation.paid_by]
    }));
}

/// An obligation from the columns of `obligation_columns!`.
pub(crate) fn obligation_of(row: &mut Row) -> Result<Obligation, Fault> {
    Ok(Obligation {
        id: ObligationId::new(row.int()?),
        key: ObligationKey { merchant_id: MerchantId::new(row.int()?), name: row.text()? },
        currency: row.currency()?,
        amount: row.minor()?,
        link_count: row.int()?,
        paid_by: row.opt_int()?.map(PaymentId::new),
        version: row.int()?,
    })
}

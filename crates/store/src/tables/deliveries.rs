//! Deliveries of events to merchants' endpoints.

use kadi_domain::delivery::{Delivery, DeliveryState};
use kadi_domain::id::{DeliveryId, EventId, LinkId, MerchantId};
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::Fault;
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::value::row;

/// The columns that [`delivery_of`] reads.
macro_rules! delivery_columns {
    () => {
        "delivery.id, delivery.merchant_id, delivery.link_id, delivery.event_id, delivery.dialect, \
         delivery.form, delivery.url, delivery.created_at, delivery.attempts, delivery.last_status, \
         delivery.state, delivery.state_at, delivery.last_answer"
    };
}
pub(crate) use delivery_columns;

statements! {
    LOAD(id Int) locks "delivery" = {
        concat!(
            "SELECT ", delivery_columns!(),
            " FROM delivery, input WHERE delivery.id = input.id ORDER BY delivery.id"
        )
    };
    INSERT(
        id Int, merchant_id Int, link_id Int, event_id Int, dialect Int, form Int, url Text, created_at Int,
        attempts Int, last_status Int, state Int, state_at Int, last_answer Text,
    ) = { insert "delivery" };
    UPDATE(id Int, attempts Int, last_status Int, state Int, state_at Int, last_answer Text) =
        "UPDATE delivery SET attempts = input.attempts, last_status = input.last_status, \
        last_answer = input.last_answer, state = input.state, state_at = input.state_at \
        FROM input WHERE delivery.id = input.id";
}

/// Loads the deliveries that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.deliveries.iter().map(|id| row![*id]).collect();
    asks.one(&LOAD, input, |rows, view| {
        let found = read(rows, delivery_of)?;
        view.deliveries.load_all(needs.deliveries.iter().copied(), found, |delivery| delivery.id);
        Ok(())
    });
}

/// The steps that store new and changed deliveries.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.deliveries.new_ones(), |delivery| {
        let (state, at) = state_columns(delivery.state);
        row![
            delivery.id,
            delivery.merchant_id,
            delivery.link_id,
            delivery.event_id,
            delivery.dialect,
            delivery.form,
            &delivery.url,
            delivery.created_at,
            delivery.attempts,
            delivery.last_status,
            state,
            at,
            delivery.last_answer.as_ref(),
        ]
    }));
    steps.push(Step::over(&UPDATE, view.deliveries.changed_ones(), |delivery| {
        let (state, at) = state_columns(delivery.state);
        let answer = delivery.last_answer.as_ref();
        row![delivery.id, delivery.attempts, delivery.last_status, state, at, answer]
    }));
}

/// A delivery from the columns of `delivery_columns!`.
pub(crate) fn delivery_of(row: &mut Row) -> Result<Delivery, Fault> {
    Ok(Delivery {
        id: DeliveryId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        link_id: LinkId::new(row.int()?),
        event_id: EventId::new(row.int()?),
        dialect: Dialect(row.small()?),
        form: row.small()?,
        url: row.text()?,
        created_at: row.time()?,
        attempts: row.int()?,
        last_status: row.opt_int()?,
        state: state_of(row)?,
        last_answer: row.opt_text()?,
    })
}

fn state_columns(state: DeliveryState) -> (i64, Option<Timestamp>) {
    match state {
        DeliveryState::Waiting => (1, None),
        DeliveryState::Delivered { at } => (2, Some(at)),
        DeliveryState::Parked { at } => (3, Some(at)),
    }
}

fn state_of(row: &mut Row) -> Result<DeliveryState, Fault> {
    match (row.int()?, row.opt_time()?) {
        (1, None) => Ok(DeliveryState::Waiting),
        (2, Some(at)) => Ok(DeliveryState::Delivered { at }),
        (3, Some(at)) => Ok(DeliveryState::Parked { at }),
        _ => Err(row.fault("does not fit the state")),
    }
}

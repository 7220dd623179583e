//! Messages to customers.

use kadi_domain::id::{CustomerId, EventId, LinkId, MerchantId, MessageId};
use kadi_domain::message::{Message, MessageState, Occasion};
use kadi_domain::refusal::Fault;
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::codes::{Coded, coded};
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::value::row;

/// The columns that [`message_of`] reads.
macro_rules! message_columns {
    () => {
        "message.id, message.merchant_id, message.link_id, message.customer_id, message.channel, \
         message.created_at, message.state, message.state_at, message.detail, message.resend, \
         message.event_id, message.code_number"
    };
}
pub(crate) use message_columns;

statements! {
    LOAD(id Int) locks "message" = {
        concat!(
            "SELECT ", message_columns!(),
            " FROM message, input WHERE message.id = input.id ORDER BY message.id"
        )
    };
    INSERT(
        id Int, merchant_id Int, link_id Int, customer_id Int, channel Int, created_at Int, state Int,
        state_at Int, detail Text, resend Int, event_id Int, code_number Int,
    ) = { insert "message" };
    UPDATE(id Int, state Int, state_at Int, detail Text) =
        "UPDATE message SET state = input.state, state_at = input.state_at, detail = input.detail \
         FROM input WHERE message.id = input.id";
}

/// Loads the messages that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.messages.iter().map(|id| row![*id]).collect();
    asks.one(&LOAD, input, |rows, view| {
        let found = read(rows, message_of)?;
        view.messages.load_all(needs.messages.iter().copied(), found, |message| message.id);
        Ok(())
    });
}

/// The steps that store new and changed messages.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.messages.new_ones(), |message| {
        let (state, at, detail) = state_columns(&message.state);
        let (resend, event_id, code_number) = occasion_columns(message.occasion);
        row![
            message.id,
            message.merchant_id,
            message.link_id,
            message.customer_id,
            message.channel.number(),
            message.created_at,
            state,
            at,
            detail,
            resend,
            event_id,
            code_number,
        ]
    }));
    steps.push(Step::over(&UPDATE, view.messages.changed_ones(), |message| {
        let (state, at, detail) = state_columns(&message.state);
        row![message.id, state, at, detail]
    }));
}

/// A message from the columns of `message_columns!`.
pub(crate) fn message_of(row: &mut Row) -> Result<Message, Fault> {
    Ok(Message {
        id: MessageId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        link_id: LinkId::new(row.int()?),
        customer_id: CustomerId::new(row.int()?),
        channel: coded(row)?,
        created_at: row.time()?,
        state: state_of(row)?,
        occasion: occasion_of(row)?,
    })
}

const fn occasion_columns(occasion: Occasion) -> (i64, Option<EventId>, Option<i64>) {
    match occasion {
        Occasion::Request { resend } => (resend, None, None),
        Occasion::Receipt { event_id } => (0, Some(event_id), None),
        Occasion::Code { number } => (0, None, Some(number)),
    }
}

fn occasion_of(row: &mut Row) -> Result<Occasion, Fault> {
    match (row.int()?, row.opt_int()?.map(EventId::new), row.opt_int()?) {
        (resend, None, None) => Ok(Occasion::Request { resend }),
        (0, Some(event_id), None) => Ok(Occasion::Receipt { event_id }),
        (0, None, Some(number)) => Ok(Occasion::Code { number }),
        (_, Some(_), _) | (_, _, Some(_)) => Err(row.fault("is for two occasions")),
    }
}

fn state_columns(state: &MessageState) -> (i64, Option<Timestamp>, Option<&str>) {
    match state {
        MessageState::Queued => (1, None, None),
        MessageState::Sent { at, reference } => (2, Some(*at), Some(reference)),
        MessageState::Failed { at, reason } => (3, Some(*at), Some(reason)),
    }
}

fn state_of(row: &mut Row) -> Result<MessageState, Fault> {
    match (row.int()?, row.opt_time()?, row.opt_text()?) {
        (1, None, None) => Ok(MessageState::Queued),
        (2, Some(at), Some(reference)) => Ok(MessageState::Sent { at, reference }),
        (3, Some(at), Some(reason)) => Ok(MessageState::Failed { at, reason }),
        _ => Err(row.fault("does not fit the state")),
    }
}

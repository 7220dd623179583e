//! Charges: what the sandbox rail remembers of payments.

use kadi_domain::id::{MerchantId, PaymentId};
use kadi_domain::refusal::Fault;
use kadi_domain::sandbox::{Charge, Plot, RefundStory, Story};
use kadi_domain::script::Script;
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::codes::{Coded, coded, opt_coded};
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::value::row;

/// The columns that [`charge_of`] reads.
macro_rules! charge_columns {
    () => {
        "charge.payment_id, charge.merchant_id, charge.account, charge.currency, charge.amount, \
        charge.story, charge.opened_at, charge.reserved_until, charge.told, charge.settled, \
        charge.refund_story, charge.script"
    };
}

statements! {
    LOAD(payment_id Int) = {
        concat!(
            "SELECT ", charge_columns!(),
            " FROM charge, input WHERE charge.payment_id = input.payment_id"
        )
    };
    INSERT(
        payment_id Int, merchant_id Int, account Text, currency Text, amount Int, story Int, opened_at Int,
        reserved_until Int, told Int, settled Int, refund_story Int, script Text,
    ) = { insert "charge" };
    UPDATE(payment_id Int, told Int, settled Int, refund_story Int) =
        "UPDATE charge SET told = input.told, settled = input.settled, \
         refund_story = input.refund_story FROM input WHERE charge.payment_id = input.payment_id";
}

/// Loads the charges that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.charges.iter().map(|id| row![*id]).collect();
    asks.one(&LOAD, input, |rows, view| {
        let found = read(rows, charge_of)?;
        view.charges.load_all(needs.charges.iter().copied(), found, |charge| charge.payment_id);
        Ok(())
    });
}

/// The steps that store new and changed charges.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.charges.new_ones(), new_row));
    steps.push(Step::over(&UPDATE, view.charges.changed_ones(), |charge| {
        row![charge.payment_id, charge.told, charge.settled.map(Coded::number), charge.refund_story.number(),]
    }));
}

/// A charge from the columns of `charge_columns!`.
pub(crate) fn charge_of(row: &mut Row) -> Result<Charge, Fault> {
    let mut charge = Charge {
        payment_id: PaymentId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        account: row.text()?,
        currency: row.currency()?,
        amount: row.minor()?,
        plot: Plot::Story(Story::Pending),
        opened_at: Timestamp::default(),
        reserved_until: Timestamp::default(),
        told: 0,
        settled: None,
        refund_story: RefundStory::default(),
    };
    let story = row.int()?;
    charge.opened_at = row.time()?;
    charge.reserved_until = row.time()?;
    charge.told = row.int()?;
    charge.settled = opt_coded(row)?;
    charge.refund_story = coded(row)?;
    charge.plot = match (story, row.opt_text()?) {
        (SCRIPTED, Some(text)) => Script::parse(&text).map(Plot::Script),
        (number, None) => Story::from_number(number).map(Plot::Story),
        (_, Some(_)) => None,
    }
    .ok_or_else(|| row.fault("is no story and no script"))?;
    Ok(charge)
}

/// Stands for a story where there is a script.
const SCRIPTED: i64 = 0;

fn new_row(charge: &Charge) -> Vec<Value> {
    let (story, script) = match &charge.plot {
        Plot::Story(story) => (story.number(), None),
        Plot::Script(script) => (SCRIPTED, Some(script.to_text())),
    };
    row![
        charge.payment_id,
        charge.merchant_id,
        &charge.account,
        charge.currency,
        charge.amount,
        story,
        charge.opened_at,
        charge.reserved_until,
        charge.told,
        charge.settled.map(Coded::number),
        charge.refund_story.number(),
        script.as_ref(),
    ]
}

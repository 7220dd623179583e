//! One-time codes: what is known of the newest of each link, and never its digits.

use kadi_domain::id::{LinkId, MerchantId};
use kadi_domain::one_time_code::{Asked, OneTimeCode};
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::value::row;

statements! {
    // Whoever asks has locked the link.
    OF_LINKS(link_id Int) =
        "SELECT one_time_code.link_id, one_time_code.merchant_id, one_time_code.number, \
         one_time_code.made_at, one_time_code.is_sent, one_time_code.tries, one_time_code.is_spent, \
         one_time_code.lately_since, one_time_code.lately_count, one_time_code.today_since, \
         one_time_code.today_count FROM one_time_code, input WHERE one_time_code.link_id = input.link_id";
    INSERT(
        link_id Int, merchant_id Int, number Int, made_at Int, is_sent Int, tries Int, is_spent Int,
        lately_since Int, lately_count Int, today_since Int, today_count Int,
    ) = { insert "one_time_code" };
    UPDATE(
        link_id Int, number Int, made_at Int, is_sent Int, tries Int, is_spent Int, lately_since Int,
        lately_count Int, today_since Int, today_count Int,
    ) = "UPDATE one_time_code SET number = input.number, made_at = input.made_at, is_sent = input.is_sent, \
         tries = input.tries, is_spent = input.is_spent, lately_since = input.lately_since, \
         lately_count = input.lately_count, today_since = input.today_since, \
         today_count = input.today_count FROM input WHERE one_time_code.link_id = input.link_id";
}

/// Loads the codes of the links that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.codes.iter().map(|id| row![*id]).collect();
    asks.one(&OF_LINKS, input, |rows, view| {
        let found = read(rows, code_of)?;
        view.codes.load_all(needs.codes.iter().copied(), found, |code| code.link_id);
        Ok(())
    });
}

/// The steps that store new and changed codes.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.codes.new_ones(), |code| {
        row![
            code.link_id,
            code.merchant_id,
            code.number,
            code.made_at,
            code.is_sent,
            code.tries,
            code.is_spent,
            code.lately.since,
            code.lately.count,
            code.today.since,
            code.today.count,
        ]
    }));
    steps.push(Step::over(&UPDATE, view.codes.changed_ones(), |code| {
        row![
            code.link_id,
            code.number,
            code.made_at,
            code.is_sent,
            code.tries,
            code.is_spent,
            code.lately.since,
            code.lately.count,
            code.today.since,
            code.today.count,
        ]
    }));
}

fn code_of(row: &mut Row) -> Result<OneTimeCode, Fault> {
    Ok(OneTimeCode {
        link_id: LinkId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        number: row.int()?,
        made_at: row.time()?,
        is_sent: row.flag()?,
        tries: row.int()?,
        is_spent: row.flag()?,
        lately: Asked { since: row.time()?, count: row.int()? },
        today: Asked { since: row.time()?, count: row.int()? },
    })
}

//! Jobs: at most one of a kind for one subject.

use kadi_domain::id::MerchantId;
use kadi_domain::job::{Job, JobKey};
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::codes::{Coded, coded};
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::value::row;

/// The columns that [`job_of`] reads.
macro_rules! job_columns {
    () => {
        "job.kind, job.subject, job.merchant_id, job.due_at, job.attempts, job.leased_until"
    };
}
pub(crate) use job_columns;

statements! {
    LOAD(kind Int, subject Int) locks "job" = {
        concat!(
            "SELECT ", job_columns!(), " FROM job, input WHERE job.kind = input.kind \
             AND job.subject = input.subject ORDER BY job.kind, job.subject"
        )
    };
    INSERT(kind Int, subject Int, merchant_id Int, due_at Int, attempts Int, leased_until Int) =
        { insert "job" };
    UPDATE(kind Int, subject Int, due_at Int, attempts Int, leased_until Int) =
        "UPDATE job SET due_at = input.due_at, attempts = input.attempts, leased_until = input.leased_until \
         FROM input WHERE job.kind = input.kind AND job.subject = input.subject";
    REMOVE(kind Int, subject Int) =
        "DELETE FROM job USING input WHERE job.kind = input.kind AND job.subject = input.subject";
}

/// Loads the jobs that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.jobs.iter().map(|key| key_row(*key)).collect();
    asks.one(&LOAD, input, |rows, view| {
        let found = read(rows, job_of)?;
        view.jobs.load_all(needs.jobs.iter().copied(), found, |job| job.key);
        Ok(())
    });
}

/// The steps that store new and changed jobs and remove those that are done.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&REMOVE, view.jobs.removed_keys(), |key| key_row(*key)));
    steps.push(Step::over(&INSERT, view.jobs.new_ones(), |job| {
        row![
            job.key.kind.number(),
            job.key.subject,
            job.merchant_id,
            job.due_at,
            job.attempts,
            job.leased_until
        ]
    }));
    steps.push(Step::over(&UPDATE, view.jobs.changed_ones(), |job| {
        row![job.key.kind.number(), job.key.subject, job.due_at, job.attempts, job.leased_until]
    }));
}

/// A job from the columns of `job_columns!`.
pub(crate) fn job_of(row: &mut Row) -> Result<Job, Fault> {
    Ok(Job {
        key: JobKey { kind: coded(row)?, subject: row.int()? },
        merchant_id: MerchantId::new(row.int()?),
        due_at: row.time()?,
        attempts: row.int()?,
        leased_until: row.opt_time()?,
    })
}

fn key_row(key: JobKey) -> Vec<Value> {
    row![key.kind.number(), key.subject]
}

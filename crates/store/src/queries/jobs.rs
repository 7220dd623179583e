//! Questions about work that waits: jobs, and books that want a seal.

use kadi_domain::id::MerchantId;
use kadi_domain::job::{Job, JobKind};
use kadi_domain::time::Timestamp;

use crate::codes::Coded;
use crate::reader::Reader;
use crate::row::{Row, first, read};
use crate::sql::statements;
use crate::tables::jobs::{job_columns, job_of};
use crate::trouble::Trouble;
use crate::value::row;

statements! {
    DUE(now Int, real_now Int, row_limit Int) = {
        concat!(
            "SELECT ", job_columns!(), " FROM job, input WHERE job.due_at <= (SELECT input.now FROM input) \
             AND (job.leased_until IS NULL OR job.leased_until <= input.real_now) ORDER BY job.due_at, \
             job.kind, job.subject LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    /// The sign before the kind keeps SQLite from walking over all jobs of the kind, most of which are due in
    /// weeks: few are due now.
    DUE_OF_KIND(kind Int, now Int, real_now Int, per_merchant Int, row_limit Int) = {
        concat!(
            "SELECT ", job_columns!(), " FROM (SELECT job.kind, job.subject, job.merchant_id, job.due_at, \
             job.attempts, job.leased_until, ROW_NUMBER() OVER (PARTITION BY job.merchant_id ORDER BY \
             job.due_at, job.subject) AS turn FROM job, input WHERE job.due_at <= (SELECT input.now FROM \
             input) AND +job.kind = input.kind AND (job.leased_until IS NULL OR job.leased_until \
             <= input.real_now)) AS job WHERE job.turn <= (SELECT input.per_merchant FROM input) \
             ORDER BY job.turn, job.due_at, job.subject LIMIT (SELECT input.row_limit FROM input)"
        )
    };
    NEXT_DUE() = "SELECT min(job.due_at) FROM job";
    OPEN_BOOKS(row_limit Int) =
        "SELECT DISTINCT link.merchant_id FROM link WHERE link.chain_count > link.sealed_count ORDER BY \
         link.merchant_id LIMIT (SELECT input.row_limit FROM input)";
}

impl Reader {
    /// At most `limit` jobs that are due at `now` (the Kadi clock) and in nobody's hands at `real_now`,
    /// oldest first.
    pub fn due_jobs(&self, now: Timestamp, real_now: Timestamp, limit: i64) -> Result<Vec<Job>, Trouble> {
        Ok(read(self.ask(&DUE, row![now, real_now, limit])?, job_of)?)
    }

    /// At most `limit` due jobs of one kind in nobody's hands: every merchant's oldest first, then every
    /// merchant's second oldest, and so on, at most `per_merchant` of each.
    pub fn due_jobs_of(
        &self,
        kind: JobKind,
        (now, real_now): (Timestamp, Timestamp),
        per_merchant: i64,
        limit: i64,
    ) -> Result<Vec<Job>, Trouble> {
        let input = row![kind.number(), now, real_now, per_merchant, limit];
        Ok(read(self.ask(&DUE_OF_KIND, input)?, job_of)?)
    }

    /// When the next job is due, on the Kadi clock, whether or not a worker has it.
    pub fn next_due_at(&self) -> Result<Option<Timestamp>, Trouble> {
        Ok(first(self.ask(&NEXT_DUE, row![])?, Row::opt_time)?.flatten())
    }

    /// At most `limit` merchants whose books have grown since their last seal.
    pub fn merchants_with_open_books(&self, limit: i64) -> Result<Vec<MerchantId>, Trouble> {
        Ok(read(self.ask(&OPEN_BOOKS, row![limit])?, |row| row.int().map(MerchantId::new))?)
    }
}

//! Plans: the instalments of an obligation that is paid in parts.

use std::collections::BTreeMap;

use kadi_domain::id::LinkId;
use kadi_domain::parts::Instalment;
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;

use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::tables::parts::numbered;
use crate::value::row;

statements! {
    OF(link_id Int) =
        "SELECT link_instalment.link_id, link_instalment.amount, link_instalment.due_at \
         FROM link_instalment, input WHERE link_instalment.link_id = input.link_id ORDER BY \
         link_instalment.link_id, link_instalment.position";
    INSERT(link_id Int, position Int, amount Int, due_at Int) = { insert "link_instalment" };
}

/// The steps that store the plans of new links.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, numbered(&view.added.plans), |(link, at, instalment)| {
        row![link, at, instalment.amount, instalment.due_at]
    }));
}

/// Instalments by link, in order, from the answer to [`OF`].
pub(crate) fn by_link(rows: Vec<Row>) -> Result<BTreeMap<LinkId, Vec<Instalment>>, Fault> {
    let one = |row: &mut Row| {
        let link = LinkId::new(row.int()?);
        Ok((link, Instalment { amount: row.minor()?, due_at: row.time()? }))
    };
    let mut found: BTreeMap<LinkId, Vec<Instalment>> = BTreeMap::new();
    for (link, instalment) in read(rows, one)? {
        found.entry(link).or_default().push(instalment);
    }
    Ok(found)
}

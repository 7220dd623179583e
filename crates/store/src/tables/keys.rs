//! What outside programs call things: references of links, and idempotency keys.

use std::collections::BTreeMap;

use kadi_domain::id::{LinkId, MerchantId, RefundId};
use kadi_domain::reference::{Dialect, IdempotencyKey, IdempotencyRecord, Namespace, ReferenceKey};
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::value::row;

/// The columns that [`reference_of`] reads.
macro_rules! reference_columns {
    () => {
        "link_reference.dialect, link_reference.kind, link_reference.merchant_id, link_reference.value, \
         link_reference.link_id"
    };
}

statements! {
    REFERENCE_INSERT(dialect Int, kind Int, merchant_id Int, value Text, link_id Int) =
        { insert "link_reference" };
    REFERENCE_LOAD(dialect Int, kind Int, merchant_id Int, value Text) = {
        concat!(
            "SELECT ", reference_columns!(), " FROM link_reference, input \
             WHERE link_reference.dialect = input.dialect AND link_reference.kind = input.kind \
             AND link_reference.merchant_id = input.merchant_id AND link_reference.value = input.value"
        )
    };
    REFERENCES_OF(link_id Int) = {
        concat!(
            "SELECT ", reference_columns!(), " FROM link_reference, input \
             WHERE link_reference.link_id = input.link_id ORDER BY link_reference.dialect, \
             link_reference.kind, link_reference.value"
        )
    };
    IDEMPOTENCY_INSERT(merchant_id Int, key_hash Bytes, fingerprint Bytes, link_id Int, refund_id Int) =
        { insert "idempotency" };
    IDEMPOTENCY_LOAD(merchant_id Int, key_hash Bytes) =
        "SELECT idempotency.merchant_id, idempotency.key_hash, idempotency.fingerprint, idempotency.link_id, \
         idempotency.refund_id FROM idempotency, input WHERE idempotency.merchant_id = input.merchant_id \
         AND idempotency.key_hash = input.key_hash";
}

/// Loads the references and idempotency records that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.references.iter().map(reference_row).collect();
    asks.one(&REFERENCE_LOAD, input, |rows, view| {
        let mut found: BTreeMap<ReferenceKey, LinkId> = read(rows, reference_of)?.into_iter().collect();
        for key in &needs.references {
            view.references.load(key.clone(), found.remove(key));
        }
        Ok(())
    });
    let input = needs.idempotency.iter().map(|key| row![key.merchant_id, &key.key_hash]).collect();
    asks.one(&IDEMPOTENCY_LOAD, input, |rows, view| {
        let mut found: BTreeMap<IdempotencyKey, IdempotencyRecord> =
            read(rows, idempotency_of)?.into_iter().collect();
        for key in &needs.idempotency {
            view.idempotency.load(key.clone(), found.remove(key));
        }
        Ok(())
    });
}

/// The steps that store new references and idempotency records.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&REFERENCE_INSERT, &view.added.references, |(key, link)| {
        let mut columns = reference_row(key);
        columns.push((*link).into());
        columns
    }));
    steps.push(Step::over(&IDEMPOTENCY_INSERT, &view.added.idempotency, |(key, record)| {
        row![key.merchant_id, &key.key_hash, &record.fingerprint, record.link_id, record.refund_id]
    }));
}

/// The columns by which a reference is looked up.
pub(crate) fn reference_row(key: &ReferenceKey) -> Vec<Value> {
    row![key.namespace.dialect, key.namespace.kind, key.merchant_id, &key.value]
}

/// A reference and its link from the columns of `reference_columns!`.
pub(crate) fn reference_of(row: &mut Row) -> Result<(ReferenceKey, LinkId), Fault> {
    let namespace = Namespace { dialect: Dialect(row.small()?), kind: row.small()? };
    let key = ReferenceKey { namespace, merchant_id: MerchantId::new(row.int()?), value: row.text()? };
    Ok((key, LinkId::new(row.int()?)))
}

/// An idempotency key and what was done under it from the columns of [`IDEMPOTENCY_LOAD`].
pub(crate) fn idempotency_of(row: &mut Row) -> Result<(IdempotencyKey, IdempotencyRecord), Fault> {
    let key = IdempotencyKey { merchant_id: MerchantId::new(row.int()?), key_hash: row.hash()? };
    let record = IdempotencyRecord {
        fingerprint: row.hash()?,
        link_id: LinkId::new(row.int()?),
        refund_id: row.opt_int()?.map(RefundId::new),
    };
    Ok((key, record))
}

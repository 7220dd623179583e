//! Credentials: sealed keys and hashed bearer tokens.

use kadi_domain::credential::{Credential, CredentialKey, Guard};
use kadi_domain::id::{CredentialId, MerchantId};
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::value::row;

/// The columns that [`credential_of`] reads.
macro_rules! credential_columns {
    () => {
        "credential.id, credential.merchant_id, credential.dialect, credential.slot, credential.label, \
         credential.print, credential.sealed, credential.created_at, credential.revoked_at"
    };
}

statements! {
    LOAD(id Int) = {
        concat!("SELECT ", credential_columns!(), " FROM credential, input WHERE credential.id = input.id")
    };
    BY_PRINT(dialect Int, slot Text, print Bytes) = {
        concat!(
            "SELECT ", credential_columns!(), " FROM credential, input \
             WHERE credential.dialect = input.dialect AND credential.slot = input.slot \
             AND credential.print = input.print"
        )
    };
    OF_MERCHANT(merchant_id Int) = {
        concat!(
            "SELECT ", credential_columns!(), " FROM credential, input \
             WHERE credential.merchant_id = input.merchant_id ORDER BY credential.id"
        )
    };
    INSERT(
        id Int, merchant_id Int, dialect Int, slot Text, label Text, print Bytes, sealed Bytes,
        created_at Int, revoked_at Int,
    ) = { insert "credential" };
    UPDATE(id Int, label Text, sealed Bytes, revoked_at Int) =
        "UPDATE credential SET label = input.label, sealed = input.sealed, revoked_at = input.revoked_at \
         FROM input WHERE credential.id = input.id";
}

/// Loads the credentials that were asked for, by row and by print.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.credentials.iter().map(|id| row![*id]).collect();
    asks.one(&LOAD, input, |rows, view| {
        let found = read(rows, credential_of)?;
        view.credentials.load_all(needs.credentials.iter().copied(), found, |credential| credential.id);
        Ok(())
    });
    let input = needs.prints.iter().map(print_row).collect();
    asks.one(&BY_PRINT, input, |rows, view| {
        let found = read(rows, credential_of)?;
        view.prints.load_all(needs.prints.iter().cloned(), found, Credential::key);
        Ok(())
    });
}

/// The steps that store new and changed credentials.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.credentials.new_ones(), |credential| {
        row![
            credential.id,
            credential.merchant_id,
            credential.dialect,
            &credential.slot,
            &credential.label,
            &credential.print,
            sealed(credential),
            credential.created_at,
            credential.revoked_at,
        ]
    }));
    steps.push(Step::over(&UPDATE, view.credentials.changed_ones(), |credential| {
        row![credential.id, &credential.label, sealed(credential), credential.revoked_at]
    }));
}

/// The columns by which a credential is found without opening it.
pub(crate) fn print_row(key: &CredentialKey) -> Vec<Value> {
    row![key.dialect, &key.slot, &key.print]
}

/// A credential from the columns of `credential_columns!`.
pub(crate) fn credential_of(row: &mut Row) -> Result<Credential, Fault> {
    Ok(Credential {
        id: CredentialId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        dialect: Dialect(row.small()?),
        slot: row.text()?,
        label: row.text()?,
        print: row.hash()?,
        guard: row.opt_bytes()?.map_or(Guard::Hashed, Guard::Sealed),
        created_at: row.time()?,
        revoked_at: row.opt_time()?,
    })
}

fn sealed(credential: &Credential) -> Option<&Vec<u8>> {
    match &credential.guard {
        Guard::Sealed(blob) => Some(blob),
        Guard::Hashed => None,
    }
}

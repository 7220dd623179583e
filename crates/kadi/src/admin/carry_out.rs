//! Carrying out administration: files become commands, and what they did becomes text.

use std::fmt::Write as _;

use kadi_dialects::accounts::{ACCOUNTS, Randomness};
use kadi_engine::Reader;
use kadi_engine::command::Failure;
use kadi_engine::commands::administer::{
    ImportMerchants, ImportTemplates, Imported, RevokeCredential, TemplateInput,
};
use kadi_engine::domain::id::CredentialId;
use kadi_engine::domain::refusal::{Fault, Refusal};
use kadi_engine::domain::template::TemplateKind;
use kadi_engine::engine::Engine;

use super::{AdminAnswer, AdminRequest};
use crate::app::told;
use crate::cli::{merchant_json, merchant_text};
use crate::files::{ImportFault, fresh_merchant, id_from_name, parse_merchants, parse_templates};

impl AdminRequest {
    /// May it change what requests are answered by?
    pub(crate) const fn changes(&self) -> bool {
        match self {
            Self::ListMerchants | Self::ListTemplates => false,
            Self::ImportMerchants { .. }
            | Self::CreateMerchant { .. }
            | Self::RevokeCredential { .. }
            | Self::ImportTemplates { .. } => true,
        }
    }
}

/// Carries out a request; answered after its commit.
pub(crate) async fn carry_out(engine: &Engine, request: AdminRequest) -> AdminAnswer {
    match request {
        AdminRequest::ImportMerchants { text } => {
            let imported = import_merchants(engine, &text).await?;
            Ok(imported.iter().map(import_line).collect())
        }
        AdminRequest::CreateMerchant { name, json } => create_merchant(engine, &name, json).await,
        AdminRequest::ListMerchants => list_merchants(engine).await,
        AdminRequest::RevokeCredential { merchant, credential } => {
            let credential_id = CredentialId::new(credential);
            let command = RevokeCredential { slug: merchant, credential_id };
            engine.submit(command).await.map_err(|failure| words(&failure))?;
            Ok(format!("credential {credential} is revoked\n"))
        }
        AdminRequest::ImportTemplates { text } => import_templates(engine, &text).await,
        AdminRequest::ListTemplates => list_templates(engine).await,
    }
}

/// Imports a merchant file in one commit.
pub(crate) async fn import_merchants(engine: &Engine, text: &str) -> Result<Vec<Imported>, String> {
    let entries = parse_merchants(text).map_err(|faults| lines(&faults))?;
    let inputs =
        entries.into_iter().map(|entry| entry.into_input(engine.keys())).collect::<Result<Vec<_>, Fault>>();
    let command = inputs.and_then(|inputs| ImportMerchants::new(inputs, engine.keys()));
    let command = command.map_err(|fault| fault.to_string())?;
    engine.submit(command).await.map_err(|failure| words(&failure))
}

fn import_line(imported: &Imported) -> String {
    let mut line = format!("{}: {}", imported.slug, if imported.changed { "imported" } else { "unchanged" });
    if imported.credentials_added > 0 {
        let _ = write!(line, ", {} new credentials", imported.credentials_added);
    }
    if imported.credentials_revoked > 0 {
        let _ = write!(line, ", {} credentials of the file stay revoked", imported.credentials_revoked);
    }
    line.push('\n');
    line
}

async fn create_merchant(engine: &Engine, name: &str, json: bool) -> AdminAnswer {
    let random = || engine.random::<5>().map_err(|fault| fault.to_string());
    let id = id_from_name(name, random()?);
    let seeds = || -> Result<Randomness, String> {
        Ok([engine.random().map_err(|f| f.to_string())?, engine.random().map_err(|f| f.to_string())?])
    };
    let fresh = fresh_merchant(&id, name, seeds)?;
    import_merchants(engine, fresh.file.expose()).await?;
    Ok(if json {
        merchant_json(&fresh.id, &fresh.accounts)
    } else {
        merchant_text(&fresh.id, &fresh.accounts)
    })
}

async fn list_merchants(engine: &Engine) -> AdminAnswer {
    let query = |reader: &mut Reader| {
        let merchants = reader.merchants()?;
        let with = merchants.into_iter().map(|merchant| Ok((reader.credentials_of(merchant.id)?, merchant)));
        with.collect::<Result<Vec<_>, _>>()
    };
    let merchants = engine.query(query).await.map_err(|failure| words(&failure))?;
    let mut out = String::new();
    for (credentials, merchant) in merchants {
        let state = if merchant.active { "active" } else { "inactive" };
        let _ = writeln!(out, "{}\t{}\t{state}", merchant.slug, merchant.name);
        for credential in credentials {
            let dialect =
                ACCOUNTS.iter().find(|row| row.dialect == credential.dialect).map_or("", |row| row.key);
            let state = if credential.is_live() { "live" } else { "revoked" };
            let (id, slot, label) = (credential.id.get(), &credential.slot, &credential.label);
            let _ = writeln!(out, "  {id}\t{dialect}\t{slot}\t{label}\t{state}");
        }
    }
    Ok(out)
}

/// Imports a template file in one commit.
pub(crate) async fn import_templates(engine: &Engine, text: &str) -> AdminAnswer {
    let entries = parse_templates(text).map_err(|faults| lines(&faults))?;
    let mut inputs = Vec::new();
    for entry in entries {
        let slug = entry.merchant.clone();
        let found = engine.query(move |reader: &mut Reader| reader.merchant_by_slug(&slug)).await;
        let found = found.map_err(|failure| words(&failure))?;
        let merchant =
            found.ok_or_else(|| format!("template {}: no merchant {}", entry.number, entry.merchant))?;
        inputs.push(TemplateInput {
            merchant: entry.merchant,
            merchant_id: merchant.id,
            kind: entry.kind,
            number: entry.number,
            name: entry.name,
            fields: entry.fields,
        });
    }
    let names: Vec<_> = inputs.iter().map(|input| format!("{} {}", input.merchant, input.number)).collect();
    let versions = engine.submit(ImportTemplates { inputs }).await.map_err(|failure| words(&failure))?;
    Ok(names
        .iter()
        .zip(versions)
        .map(|(name, (_, version))| format!("{name}: version {version}\n"))
        .collect())
}

async fn list_templates(engine: &Engine) -> AdminAnswer {
    let query = |reader: &mut Reader| {
        let merchants = reader.merchants()?;
        let with = merchants.into_iter().map(|merchant| Ok((reader.templates(merchant.id)?, merchant)));
        with.collect::<Result<Vec<_>, _>>()
    };
    let merchants = engine.query(query).await.map_err(|failure| words(&failure))?;
    let mut out = String::new();
    for (templates, merchant) in merchants {
        for template in templates {
            let kind = match template.key.kind {
                TemplateKind::Invoice => "invoice",
                TemplateKind::Form => "form",
            };
            let (number, name, version) = (&template.key.number, &template.name, template.version);
            let _ = writeln!(out, "{}\t{kind}\t{number}\t{name}\tversion {version}", merchant.slug);
        }
    }
    Ok(out)
}

fn lines(faults: &[ImportFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// A failure in an administrator's words.
fn words(failure: &Failure) -> String {
    match failure {
        Failure::Refused(Refusal::NameTaken(what)) => format!("{what} belongs to another merchant"),
        Failure::Refused(Refusal::MerchantUnknown) => "no such merchant".to_owned(),
        Failure::Refused(Refusal::CredentialUnknown) => "the merchant has no such live credential".to_owned(),
        Failure::Refused(_)
        | Failure::Busy
        | Failure::Unavailable
        | Failure::Unknown
        | Failure::Broken(_) => told(failure),
    }
}

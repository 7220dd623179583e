//! Administration: merchants with their credentials, and templates, each file in one commit.

use std::collections::{BTreeMap, BTreeSet};

use kadi_domain::credential::{Credential, CredentialKey, Guard, place, sealed_print};
use kadi_domain::id::{CredentialId, MerchantId, TemplateId};
use kadi_domain::merchant::Merchant;
use kadi_domain::moment::Moment;
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::{Fault, Refusal, Stop};
use kadi_domain::seal::{Keyring, hash_text};
use kadi_domain::secret::Secret;
use kadi_domain::template::{Field, Template, TemplateKey, TemplateKind};
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};

use crate::command::{Command, Decision, Lane, Route};

const ADMINISTRATION: Route = Route { lane: Lane::Request, merchant: MerchantId::new(0), meets: 0 };

/// A credential as a file or the generator gives it.
#[derive(Clone, Debug)]
pub struct NewCredential {
    /// The dialect that uses it.
    pub dialect: Dialect,
    /// The key of the merchant file.
    pub slot: String,
    /// The merchant's or vendor's name for it, or empty.
    pub label: String,
    /// The secret itself.
    pub secret: Secret<String>,
    /// A bearer key: only its hash is kept.
    pub is_bearer: bool,
}

impl NewCredential {
    fn key(&self, slug: &str, keys: &Keyring) -> Result<CredentialKey, Fault> {
        let secret = self.secret.expose();
        let print = if self.is_bearer {
            hash_text(secret)
        } else {
            sealed_print(keys, slug, self.dialect, &self.slot, &self.label, secret)?
        };
        Ok(CredentialKey { dialect: self.dialect, slot: self.slot.clone(), print })
    }
}

/// A merchant as a file gives it.
#[derive(Clone, Debug)]
pub struct MerchantInput {
    /// The merchant; its row id and version are not read.
    pub merchant: Merchant,
    /// The dialects whose accounts the file names; settings of the others stay.
    pub dialects: BTreeSet<Dialect>,
    /// Credentials with their keys to look up, made by [`ImportMerchants::new`].
    credentials: Vec<(NewCredential, CredentialKey)>,
}

/// What an import did to one merchant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The `id` of the merchant file.
    pub slug: String,
    /// The row.
    pub merchant_id: MerchantId,
    /// Did anything change?
    pub changed: bool,
    /// How many credentials came.
    pub credentials_added: usize,
    /// How many credentials of the file had been revoked before, and stay so.
    pub credentials_revoked: usize,
}

/// Makes or changes merchants: all of a file, or nothing. Credentials are only ever added here. A merchant
/// that stands twice in a file is refused, and so is a name (an account id, a bearer key) that two of its
/// merchants claim.
#[derive(Debug)]
pub struct ImportMerchants {
    inputs: Vec<MerchantInput>,
}

impl ImportMerchants {
    /// An import of merchants, each with the dialects and the credentials that its file names.
    pub fn new(
        merchants: Vec<(Merchant, BTreeSet<Dialect>, Vec<NewCredential>)>,
        keys: &Keyring,
    ) -> Result<Self, Fault> {
        let mut inputs = Vec::new();
        for (merchant, dialects, credentials) in merchants {
            let keyed = credentials.into_iter().map(|credential| {
                let key = credential.key(&merchant.slug, keys)?;
                Ok((credential, key))
            });
            let credentials = keyed.collect::<Result<Vec<_>, Fault>>()?;
            inputs.push(MerchantInput { merchant, dialects, credentials });
        }
        Ok(Self { inputs })
    }
}

impl Command for ImportMerchants {
    type Reply = Vec<Imported>;

    fn route(&self) -> Route {
        ADMINISTRATION
    }

    fn needs(&self, needs: &mut Needs) {
        for input in &self.inputs {
            needs.slugs.insert(input.merchant.slug.clone());
            for setting in input.merchant.settings.iter().filter(|setting| setting.identifies) {
                needs.identities.insert((setting.dialect, setting.name.clone(), setting.value.clone()));
            }
            needs.prints.extend(input.credentials.iter().map(|(_, key)| key.clone()));
        }
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let (mut changes, mut claims) = (Changes::default(), Claims::default());
        let mut reply = Vec::new();
        for input in &self.inputs {
            reply.push(import(input, view, &mut claims, &mut changes, moment)?);
        }
        Ok(Decision { reply, changes })
    }
}

/// What the merchants of one file have claimed so far.
#[derive(Default)]
struct Claims {
    slugs: BTreeSet<String>,
    identities: BTreeMap<(Dialect, String, String), MerchantId>,
    prints: BTreeMap<CredentialKey, MerchantId>,
}

fn import(
    input: &MerchantInput,
    view: &View,
    claims: &mut Claims,
    changes: &mut Changes,
    moment: &mut Moment<'_>,
) -> Result<Imported, Stop> {
    if !claims.slugs.insert(input.merchant.slug.clone()) {
        return Err(Refusal::NameTaken(format!("id {}", input.merchant.slug)).into());
    }
    let stored = match view.slugs.get(&input.merchant.slug)? {
        Some(&id) => Some(view.merchant(id)?),
        None => None,
    };
    let mut merchant = input.merchant.clone();
    match stored {
        Some(stored) => {
            (merchant.id, merchant.version) = (stored.id, stored.version);
            let kept = stored.settings.iter().filter(|setting| !input.dialects.contains(&setting.dialect));
            merchant.settings.extend(kept.cloned());
        }
        None => (merchant.id, merchant.version) = (moment.mint_merchant()?, 0),
    }
    merchant.settings.sort();
    for setting in merchant.settings.iter().filter(|s| s.identifies && input.dialects.contains(&s.dialect)) {
        let key = (setting.dialect, setting.name.clone(), setting.value.clone());
        let owner = view.identities.get(&key)?.copied();
        if [owner, claims.identities.insert(key, merchant.id)]
            .into_iter()
            .flatten()
            .any(|id| id != merchant.id)
        {
            return Err(Refusal::NameTaken(format!("{} {}", setting.name, setting.value)).into());
        }
    }
    let mut imported = Imported {
        slug: merchant.slug.clone(),
        merchant_id: merchant.id,
        changed: stored != Some(&merchant),
        credentials_added: 0,
        credentials_revoked: 0,
    };
    for (credential, key) in &input.credentials {
        let taken = || Stop::from(Refusal::NameTaken(format!("a {} of {}", key.slot, merchant.slug)));
        let claimed = claims.prints.insert(key.clone(), merchant.id);
        match view.prints.get(key)? {
            None if claimed == Some(merchant.id) => {}
            None if claimed.is_some() => return Err(taken()),
            Some(found) if found.merchant_id != merchant.id => return Err(taken()),
            Some(found) => imported.credentials_revoked += usize::from(!found.is_live()),
            None => {
                changes.credentials.new.push(kept(credential, key, merchant.id, moment)?);
                imported.credentials_added += 1;
                imported.changed = true;
            }
        }
    }
    match stored {
        None => changes.merchants.new.push(merchant),
        Some(stored) if *stored != merchant => changes.merchants.changed.push(merchant),
        Some(_) => {}
    }
    Ok(imported)
}

fn kept(
    credential: &NewCredential,
    key: &CredentialKey,
    merchant_id: MerchantId,
    moment: &mut Moment<'_>,
) -> Result<Credential, Fault> {
    let id = CredentialId::new(moment.mint(merchant_id)?);
    let guard = if credential.is_bearer {
        Guard::Hashed
    } else {
        let nonce = moment.nonce()?;
        Guard::Sealed(moment.keys.seal(place(id), nonce, credential.secret.expose().as_bytes())?)
    };
    Ok(Credential {
        id,
        merchant_id,
        dialect: key.dialect,
        slot: key.slot.clone(),
        label: credential.label.clone(),
        print: key.print,
        guard,
        created_at: moment.now,
        revoked_at: None,
    })
}

/// Revokes a credential: from the commit on it is not accepted any more.
#[derive(Debug)]
pub struct RevokeCredential {
    /// The `id` of the merchant file.
    pub slug: String,
    /// The credential's row.
    pub credential_id: CredentialId,
}

impl Command for RevokeCredential {
    type Reply = ();

    fn route(&self) -> Route {
        ADMINISTRATION
    }

    fn needs(&self, needs: &mut Needs) {
        needs.slugs.insert(self.slug.clone());
        needs.credentials.insert(self.credential_id);
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let merchant = view.slugs.get(&self.slug)?.ok_or(Refusal::MerchantUnknown)?;
        let found = view.credentials.get(&self.credential_id)?;
        let found = found.filter(|credential| credential.merchant_id == *merchant && credential.is_live());
        let mut credential = found.ok_or(Refusal::CredentialUnknown)?.clone();
        credential.revoked_at = Some(moment.now);
        let mut changes = Changes::default();
        changes.credentials.changed.push(credential);
        Ok(Decision { reply: (), changes })
    }
}

/// A template as a file gives it.
#[derive(Clone, Debug)]
pub struct TemplateInput {
    /// The `id` of its merchant's file.
    pub merchant: String,
    /// The merchant's row.
    pub merchant_id: MerchantId,
    /// What it is for.
    pub kind: TemplateKind,
    /// The merchant's number for it.
    pub number: String,
    /// The name that people see.
    pub name: String,
    /// The fields in order.
    pub fields: Vec<Field>,
}

impl TemplateInput {
    fn key(&self) -> TemplateKey {
        TemplateKey { merchant_id: self.merchant_id, kind: self.kind, number: self.number.clone() }
    }
}

/// Adds templates, or new versions of them where they changed: all of a file, or nothing. One that stands
/// twice in the file is refused.
/// The reply tells the version of each, in order.
#[derive(Debug)]
pub struct ImportTemplates {
    /// The templates.
    pub inputs: Vec<TemplateInput>,
}

impl Command for ImportTemplates {
    type Reply = Vec<(TemplateKey, i64)>;

    fn route(&self) -> Route {
        ADMINISTRATION
    }

    fn needs(&self, needs: &mut Needs) {
        needs.merchants.extend(self.inputs.iter().map(|input| input.merchant_id));
        needs.templates.extend(self.inputs.iter().map(TemplateInput::key));
    }

    fn decide(&self, view: &View, moment: &mut Moment<'_>) -> Result<Decision<Self::Reply>, Stop> {
        let mut changes = Changes::default();
        let mut reply: Vec<(TemplateKey, i64)> = Vec::new();
        for input in &self.inputs {
            let merchant = view.merchant(input.merchant_id)?;
            let key = input.key();
            if reply.iter().any(|(earlier, _)| *earlier == key) {
                return Err(
                    Refusal::NameTaken(format!("template {} of {}", key.number, input.merchant)).into()
                );
            }
            let stored = view.templates.get(&key)?;
            if let Some(same) = stored.filter(|t| t.name == input.name && t.fields == input.fields) {
                reply.push((key, same.version));
                continue;
            }
            let version = stored.map_or(0, |template| template.version) + 1;
            changes.templates.push(Template {
                id: TemplateId::new(moment.mint(merchant.id)?),
                key: key.clone(),
                version,
                name: input.name.clone(),
                fields: input.fields.clone(),
                created_at: moment.now,
            });
            reply.push((key, version));
        }
        Ok(Decision { reply, changes })
    }
}

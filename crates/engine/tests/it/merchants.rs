//! Merchants: imported as often as one likes, all of a file or nothing, and no name belongs to two.

use std::collections::BTreeSet;

use kadi_domain::amount::Minor;
use kadi_domain::credential::Credential;
use kadi_domain::id::MerchantId;
use kadi_domain::merchant::{Merchant, Setting};
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::Refusal;
use kadi_domain::secret::Secret;
use kadi_engine::command::Failure;
use kadi_engine::commands::administer::{ImportMerchants, Imported, NewCredential, RevokeCredential};

use crate::gate::{hold, queued};
use crate::world::{World, merchant};

const FIRST: Dialect = Dialect(1);
const SECOND: Dialect = Dialect(2);

/// A merchant as a file names it: the row, the dialects it speaks of, its credentials.
type Named = (Merchant, BTreeSet<Dialect>, Vec<NewCredential>);

fn account(dialect: Dialect, value: &str) -> Setting {
    Setting { dialect, name: "mid".into(), value: value.into(), identifies: true }
}

fn named(slug: &str, settings: Vec<Setting>, credentials: Vec<NewCredential>) -> Named {
    let dialects = settings.iter().map(|setting| setting.dialect);
    let dialects = dialects.chain(credentials.iter().map(|credential| credential.dialect)).collect();
    (Merchant { settings, ..merchant(slug) }, dialects, credentials)
}

fn bearer(secret: &str) -> NewCredential {
    credential("api_key", secret, true)
}

fn sealed(secret: &str) -> NewCredential {
    credential("key", secret, false)
}

fn credential(slot: &str, secret: &str, is_bearer: bool) -> NewCredential {
    let (slot, secret) = (slot.to_owned(), Secret::new(secret.to_owned()));
    NewCredential { dialect: FIRST, slot, label: String::new(), secret, is_bearer }
}

async fn import(world: &World, merchants: Vec<Named>) -> Result<Vec<Imported>, Failure> {
    world.engine.submit(ImportMerchants::new(merchants, world.engine.keys()).unwrap()).await
}

async fn import_one(world: &World, merchant: Named) -> Imported {
    let [imported] = import(world, vec![merchant]).await.unwrap().try_into().unwrap();
    imported
}

async fn stored(world: &World, slug: &'static str) -> Option<Merchant> {
    world.read(move |reader| reader.merchant_by_slug(slug)).await
}

async fn credentials(world: &World, id: MerchantId) -> Vec<Credential> {
    world.read(move |reader| reader.credentials_of(id)).await
}

fn is_taken<T>(end: &Result<T, Failure>) -> bool {
    matches!(end, Err(Failure::Refused(Refusal::NameTaken(_))))
}

#[tokio::test]
async fn the_second_import_of_a_file_changes_nothing() {
    let world = World::new().await;
    let file = || vec![named("a", vec![account(FIRST, "M1")], vec![bearer("t1"), sealed("k1")])];
    let first = import(&world, file()).await.unwrap();
    assert!(first[0].changed);
    assert_eq!(first[0].credentials_added, 2);
    let before = (stored(&world, "a").await, credentials(&world, first[0].merchant_id).await);
    let second = import(&world, file()).await.unwrap();
    assert!(!second[0].changed);
    assert_eq!((second[0].credentials_added, second[0].merchant_id), (0, first[0].merchant_id));
    assert_eq!((stored(&world, "a").await, credentials(&world, first[0].merchant_id).await), before);
}

#[tokio::test]
async fn a_changed_file_changes_the_merchant_and_only_adds_credentials() {
    let world = World::new().await;
    let first = import_one(&world, named("a", vec![], vec![sealed("k1")])).await;
    let mut changed = named("a", vec![], vec![sealed("k2")]);
    changed.0.name = "Other Traders".into();
    changed.0.limit.max = Some(Minor::new(5_000));
    let second = import_one(&world, changed).await;
    assert!(second.changed && second.merchant_id == first.merchant_id);
    let merchant = stored(&world, "a").await.unwrap();
    assert_eq!((merchant.name.as_str(), merchant.limit.max), ("Other Traders", Some(Minor::new(5_000))));
    let all = credentials(&world, first.merchant_id).await;
    let opened: BTreeSet<String> =
        all.iter().map(|c| c.open(world.engine.keys()).unwrap().expose().clone()).collect();
    assert_eq!(opened, BTreeSet::from(["k1".to_owned(), "k2".to_owned()]));
    assert!(all.iter().all(Credential::is_live));
}

#[tokio::test]
async fn settings_of_dialects_that_a_file_does_not_name_stay() {
    let world = World::new().await;
    let both = vec![account(FIRST, "M1"), account(SECOND, "M2")];
    import_one(&world, named("a", both, vec![])).await;
    import_one(&world, named("a", vec![account(FIRST, "M3")], vec![])).await;
    let settings = stored(&world, "a").await.unwrap().settings;
    assert_eq!(settings, [account(FIRST, "M3"), account(SECOND, "M2")]);
    let owner = world.read(|reader| reader.merchant_by_identity(SECOND, "mid", "M2")).await;
    assert_eq!(owner.unwrap().slug, "a");
    assert_eq!(world.read(|reader| reader.merchant_by_identity(FIRST, "mid", "M1")).await, None);
}

#[tokio::test]
async fn a_revoked_credential_stays_revoked() {
    let world = World::new().await;
    let file = || named("a", vec![], vec![bearer("t1"), sealed("k1")]);
    let id = import_one(&world, file()).await.merchant_id;
    for credential in credentials(&world, id).await {
        let revoke = || RevokeCredential { slug: "a".into(), credential_id: credential.id };
        world.engine.submit(revoke()).await.unwrap();
        let again = world.engine.submit(revoke()).await;
        assert_eq!(again, Err(Failure::Refused(Refusal::CredentialUnknown)));
    }
    let imported = import_one(&world, file()).await;
    assert_eq!((imported.credentials_added, imported.credentials_revoked), (0, 2));
    assert!(credentials(&world, id).await.iter().all(|credential| !credential.is_live()));
}

#[tokio::test]
async fn another_merchants_credential_cannot_be_revoked() {
    let world = World::new().await;
    let id = import_one(&world, named("a", vec![], vec![sealed("k1")])).await.merchant_id;
    let credential_id = credentials(&world, id).await[0].id;
    let foreign = RevokeCredential { slug: "demo".into(), credential_id };
    let refused = world.engine.submit(foreign).await;
    assert_eq!(refused, Err(Failure::Refused(Refusal::CredentialUnknown)));
    let nobody = RevokeCredential { slug: "nobody".into(), credential_id };
    assert_eq!(world.engine.submit(nobody).await, Err(Failure::Refused(Refusal::MerchantUnknown)));
    assert!(credentials(&world, id).await[0].is_live());
}

#[tokio::test]
async fn a_name_of_another_merchant_is_refused_with_the_whole_file() {
    let world = World::new().await;
    import_one(&world, named("a", vec![account(FIRST, "M1")], vec![bearer("t1"), sealed("k1")])).await;
    let thief =
        |settings, credentials| vec![named("good", vec![], vec![]), named("b", settings, credentials)];
    assert!(is_taken(&import(&world, thief(vec![account(FIRST, "M1")], vec![])).await));
    assert!(is_taken(&import(&world, thief(vec![], vec![bearer("t1")])).await));
    assert_eq!((stored(&world, "good").await, stored(&world, "b").await), (None, None));
    // The same account id of another dialect is another name, and equal sealed keys of two merchants are two
    // keys.
    import(&world, thief(vec![account(SECOND, "M1")], vec![sealed("k1")])).await.unwrap();
}

#[tokio::test]
async fn a_file_that_contradicts_itself_is_refused_at_once() {
    let world = World::new().await;
    let same = |settings: [Vec<Setting>; 2], credentials: [Vec<NewCredential>; 2]| {
        let ([s1, s2], [c1, c2]) = (settings, credentials);
        vec![named("a", s1, c1), named("b", s2, c2)]
    };
    let twice = vec![named("a", vec![], vec![]), named("a", vec![], vec![])];
    let account = || vec![account(FIRST, "M1")];
    let token = || vec![bearer("t1")];
    let files =
        [twice, same([account(), account()], [vec![], vec![]]), same([vec![], vec![]], [token(), token()])];
    for (at, file) in files.into_iter().enumerate() {
        assert!(is_taken(&import(&world, file).await), "file {at}");
        assert_eq!(stored(&world, "a").await, None, "file {at}");
    }
}

#[tokio::test]
async fn a_credential_that_stands_twice_under_one_merchant_is_kept_once() {
    let world = World::new().await;
    let file = || named("a", vec![], vec![bearer("t1"), bearer("t1"), sealed("k1"), sealed("k1")]);
    let imported = import_one(&world, file()).await;
    assert_eq!(imported.credentials_added, 2);
    assert_eq!(credentials(&world, imported.merchant_id).await.len(), 2);
    assert!(!import_one(&world, file()).await.changed);
}

#[tokio::test]
async fn imports_that_meet_in_one_batch_see_each_other() {
    let world = World::new().await;
    let command = |slug, mid| {
        let file = vec![named(slug, vec![account(FIRST, mid)], vec![bearer(mid)])];
        ImportMerchants::new(file, world.engine.keys()).unwrap()
    };
    let held = hold(&world.engine);
    let first = queued(&world.engine, command("a", "M1"));
    let same = queued(&world.engine, command("a", "M1"));
    let thief = queued(&world.engine, command("b", "M1"));
    held.open().await;
    let first = first.await.unwrap();
    let same = same.await.unwrap();
    assert_eq!(first[0].merchant_id, same[0].merchant_id);
    assert_eq!((first[0].changed, same[0].changed), (true, false));
    assert!(is_taken(&thief.await));
}

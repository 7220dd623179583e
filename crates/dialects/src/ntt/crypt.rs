//! `encData`: AES-256-CBC under keys that are derived from the texts in the merchant file, as the vendor's
//! other calls have it (specs/ntt-link.md, part 1).

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use data_encoding::{HEXLOWER_PERMISSIVE, HEXUPPER};
use kadi_engine::domain::credential::Credential;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::seal::Keyring;
use kadi_engine::faces::Account;
use quick_cache::sync::Cache;
use sha2::Sha512;
use zeroize::Zeroizing;

use super::keys::live;
use super::settings::ENCRYPTION;
use crate::door::Door;
use crate::telling::Telling;

/// Rounds of PBKDF2-HMAC-SHA512: tens of milliseconds of a processor.
pub const ROUNDS: u32 = 65_536;
const KEY_BYTES: usize = 32;
const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/// How many derived keys are kept: two for each of five thousand merchants, in about a megabyte.
const KEPT_MAX: usize = 10_000;

/// The keys that were derived, by the print of their credential: two merchants never share one.
static KEPT: LazyLock<Kept> = LazyLock::new(|| Cache::new(KEPT_MAX));
type Kept = Cache<(Side, [u8; 32]), Arc<DataKey>>;

/// One key is derived at a time: callers who only name many merchants keep one processor busy at most.
static DERIVING: Mutex<()> = Mutex::new(());

/// A derived key; it is wiped when dropped.
pub struct DataKey(Zeroizing<[u8; KEY_BYTES]>);

/// Whose texts a key encrypts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// The merchant's.
    Request,
    /// Kadi's.
    Response,
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(hidden)")
    }
}

impl DataKey {
    /// Derives the key of these texts, in tens of milliseconds: never on a thread that others wait for.
    pub fn derive(key: &str, salt: &str) -> Self {
        let mut derived = Zeroizing::new([0; KEY_BYTES]);
        pbkdf2::pbkdf2_hmac::<Sha512>(key.as_bytes(), salt.as_bytes(), ROUNDS, derived.as_mut());
        Self(derived)
    }

    /// The text encrypted, in upper-case hex.
    pub fn encrypt(&self, text: &str) -> String {
        let cipher = cbc::Encryptor::<Aes256>::new((&*self.0).into(), &IV.into());
        HEXUPPER.encode(&cipher.encrypt_padded_vec::<Pkcs7>(text.as_bytes()))
    }

    /// The text that was encrypted; hex digits in any case. None, whatever is wrong: nothing shows that a CBC
    /// text was changed on its way, so who tells the reasons apart lets others decrypt what they tapped.
    pub fn decrypt(&self, hex: &str) -> Option<String> {
        let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?;
        let cipher = cbc::Decryptor::<Aes256>::new((&*self.0).into(), &IV.into());
        String::from_utf8(cipher.decrypt_padded_vec::<Pkcs7>(&bytes).ok()?).ok()
    }
}

/// A request that was opened.
pub(super) struct Opened {
    /// What the merchant wrote.
    pub(super) text: String,
    credential: Credential,
}

impl Opened {
    /// An answer, encrypted for whom the request came from, in upper-case hex.
    pub(super) async fn close(&self, door: &Door, answer: &str) -> Result<String, Fault> {
        Ok(ready(door, &self.credential, Side::Response).await?.encrypt(answer))
    }
}

/// Opens `encData` with any live key of a merchant who was found. None, whatever is wrong with it
/// ([`DataKey::decrypt`]), and where the merchant has no keys.
pub(super) async fn open(door: &Door, account: &Account, enc_data: &str) -> Result<Option<Opened>, Fault> {
    for credential in live(&account.credentials, account.merchant.id, ENCRYPTION) {
        if let Some(text) = ready(door, credential, Side::Request).await?.decrypt(enc_data) {
            return Ok(Some(Opened { text, credential: credential.clone() }));
        }
    }
    Ok(None)
}

/// The key with which a merchant is told something: its oldest, for while a new one is brought in, receivers
/// still have the old one. None where it has none. The first time this derives it: see [`DataKey::derive`].
pub(super) fn response_key(door: &Door, telling: &Telling) -> Result<Option<Arc<DataKey>>, Fault> {
    let own = live(&telling.credentials, telling.merchant.id, ENCRYPTION).next();
    own.map(|credential| kept(door.engine.keys(), credential, Side::Response)).transpose()
}

/// A key, derived on a thread that may take its time.
async fn ready(door: &Door, credential: &Credential, side: Side) -> Result<Arc<DataKey>, Fault> {
    if let Some(key) = KEPT.get(&(side, credential.print)) {
        return Ok(key);
    }
    let (door, credential) = (door.clone(), credential.clone());
    let derived = tokio::task::spawn_blocking(move || kept(door.engine.keys(), &credential, side)).await;
    derived.map_err(|_| Fault::new("a key could not be derived"))?
}

/// A key from those that are kept, derived by the first who asks while the others wait for it.
fn kept(keys: &Keyring, credential: &Credential, side: Side) -> Result<Arc<DataKey>, Fault> {
    KEPT.get_or_insert_with(&(side, credential.print), || {
        let secret = credential.open(keys)?;
        let (key, salt) =
            part(secret.expose(), side).ok_or_else(|| Fault::new("encryption keys lack a part"))?;
        let _alone = DERIVING.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::new(DataKey::derive(key, salt)))
    })
}

/// Key and salt of one side, of the four lines as the account keeps them.
fn part(secret: &str, side: Side) -> Option<(&str, &str)> {
    let mut lines = secret.split('\n');
    let mut pair = || Some((lines.next()?, lines.next()?));
    let (request, response) = (pair()?, pair()?);
    Some(if side == Side::Request { request } else { response })
}

#[cfg(test)]
mod tests {
    use kadi_engine::domain::credential::{Guard, place};
    use kadi_engine::domain::id::{CredentialId, MerchantId};
    use kadi_engine::domain::seal::NumberedKey;
    use kadi_engine::domain::secret::Secret;
    use kadi_engine::domain::time::Timestamp;

    use super::super::settings::DIALECT;
    use super::*;

    fn keyring() -> Keyring {
        let key = || NumberedKey { id: 1, key: Secret::new([9; 32]) };
        Keyring::new(&Secret::new([1; 32]), vec![key()], Secret::new([2; 32]), vec![key()]).unwrap()
    }

    fn credential(keys: &Keyring, number: u8, secret: &str) -> Credential {
        let id = CredentialId::new(i64::from(number));
        Credential {
            id,
            merchant_id: MerchantId::new(1),
            dialect: DIALECT,
            slot: ENCRYPTION.to_owned(),
            label: String::new(),
            print: [number; 32],
            guard: Guard::Sealed(keys.seal(place(id), [3; 12], secret.as_bytes()).unwrap()),
            created_at: Timestamp::from_ms(0),
            revoked_at: None,
        }
    }

    #[test]
    fn each_side_of_a_credential_is_derived_once() {
        let keys = keyring();
        let one = credential(&keys, 251, "a\nb\nc\nd");
        let (request, response) =
            (kept(&keys, &one, Side::Request).unwrap(), kept(&keys, &one, Side::Response).unwrap());
        assert!(Arc::ptr_eq(&request, &kept(&keys, &one, Side::Request).unwrap()));
        assert!(Arc::ptr_eq(&response, &kept(&keys, &one, Side::Response).unwrap()));
        let sealed = response.encrypt("text");
        assert_eq!((request.decrypt(&sealed), response.decrypt(&sealed).as_deref()), (None, Some("text")));
        let other = credential(&keys, 252, "a\nb\nc\nd");
        assert!(!Arc::ptr_eq(&request, &kept(&keys, &other, Side::Request).unwrap()), "nobody shares a key");
    }

    #[test]
    fn four_parts_are_asked_for() {
        let keys = keyring();
        assert!(kept(&keys, &credential(&keys, 253, "a\nb\nc"), Side::Request).is_err());
    }
}

//! `encData`: AES-256-CBC under keys that are derived from the texts in the merchant file, as the vendor's
//! other calls have it (specs/ntt-link.md, part 1).

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use data_encoding::{HEXLOWER_PERMISSIVE, HEXUPPER};
use kadi_engine::domain::credential::Credential;
use kadi_engine::domain::refusal::Fault;
use quick_cache::sync::Cache;
use sha2::Sha512;
use zeroize::Zeroizing;

use super::settings::{DIALECT, ENCRYPTION};
use crate::door::Door;

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

/// The live encryption keys among a merchant's credentials, in the order in which they came.
fn live(credentials: &[Credential]) -> impl Iterator<Item = &Credential> {
    credentials.iter().filter(|c| c.dialect == DIALECT && c.slot == ENCRYPTION && c.is_live())
}

/// Opens `encData` with any live key of a merchant who was found. None, whatever is wrong with it
/// ([`DataKey::decrypt`]), and where the merchant has no keys.
pub(super) async fn open(
    door: &Door,
    credentials: &[Credential],
    enc_data: &str,
) -> Result<Option<Opened>, Fault> {
    for credential in live(credentials) {
        if let Some(text) = ready(door, credential, Side::Request).await?.decrypt(enc_data) {
            return Ok(Some(Opened { text, credential: credential.clone() }));
        }
    }
    Ok(None)
}

/// The key with which a merchant is told something: its oldest, for while a new one is brought in, receivers
/// still have the old one. None where it has none. The first time this derives it: see [`DataKey::derive`].
pub(super) fn response_key(door: &Door, credentials: &[Credential]) -> Result<Option<Arc<DataKey>>, Fault> {
    live(credentials).next().map(|credential| kept(door, credential, Side::Response)).transpose()
}

/// A key, derived on a thread that may take its time.
async fn ready(door: &Door, credential: &Credential, side: Side) -> Result<Arc<DataKey>, Fault> {
    if let Some(key) = KEPT.get(&(side, credential.print)) {
        return Ok(key);
    }
    let (door, credential) = (door.clone(), credential.clone());
    let derived = tokio::task::spawn_blocking(move || kept(&door, &credential, side)).await;
    derived.map_err(|_| Fault::new("a key could not be derived"))?
}

/// A key from those that are kept, derived by the first who asks while the others wait for it.
fn kept(door: &Door, credential: &Credential, side: Side) -> Result<Arc<DataKey>, Fault> {
    KEPT.get_or_insert_with(&(side, credential.print), || {
        let secret = credential.open(door.engine.keys())?;
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

//! Tokens of twenty minutes, by which a program shows who it is: signed texts (JSON Web Tokens, HS256), so
//! that nothing is stored, they outlive a restart, and end with the secret from which they came.

use data_encoding::BASE64URL_NOPAD;
use hmac::Mac;
use kadi_domain::refusal::Fault;
use kadi_domain::time::{MINUTE_MS, SECOND_MS, Timestamp};
use serde::{Deserialize, Serialize};

use super::sign::NimbblKey;

/// How long a token lives (specs, part 1).
pub const LIFE_MS: i64 = 20 * MINUTE_MS;
/// No token is longer.
pub const CHARS_MAX: usize = 1_024;

/// `{"alg":"HS256","typ":"JWT"}`; a token with any other head is none.
const HEAD: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
/// Keeps signatures of tokens apart from those of webhooks.
const PURPOSE: &str = "kadi token 1";

/// What a token says; nobody believes it before its signature is verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The access key.
    pub sub: String,
    /// The number of the access secret that signs it.
    pub kid: i64,
    /// Whose token; the vendor's libraries write it into their logs.
    pub sub_merchant_id: String,
    /// When it was given, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

impl Claims {
    /// Those of a token that is given at `now`.
    pub fn at(now: Timestamp, access_key: &str, secret_id: i64, merchant: &str) -> Self {
        let (sub, sub_merchant_id) = (access_key.to_owned(), merchant.to_owned());
        let exp = now.plus_ms(LIFE_MS).seconds();
        Self { sub, kid: secret_id, sub_merchant_id, iat: now.seconds(), exp }
    }

    /// Its end, in milliseconds since 1970.
    pub const fn ends_at_ms(&self) -> i64 {
        self.exp.saturating_mul(SECOND_MS)
    }

    /// Is its time over?
    pub const fn is_over(&self, now: Timestamp) -> bool {
        now.ms() >= self.ends_at_ms()
    }
}

/// The token that says this.
pub fn issue(key: &NimbblKey, claims: &Claims) -> Result<String, Fault> {
    let body = serde_json::to_vec(claims).map_err(|_| Fault::new("a token could not be written"))?;
    let signed = format!("{HEAD}.{}", BASE64URL_NOPAD.encode(&body));
    let tag = key.derived(PURPOSE)?.chain_update(&signed).finalize().into_bytes();
    Ok(format!("{signed}.{}", BASE64URL_NOPAD.encode(&tag)))
}

/// What a text says that looks like a token, unverified: it names the key that may verify it.
pub fn read(token: &str) -> Option<Claims> {
    let (body, _) = token.strip_prefix(HEAD)?.strip_prefix('.')?.split_once('.')?;
    if token.len() > CHARS_MAX {
        return None;
    }
    serde_json::from_slice(&BASE64URL_NOPAD.decode(body.as_bytes()).ok()?).ok()
}

/// Was exactly this token signed with this key? Compares in constant time.
pub fn verify(key: &NimbblKey, token: &str) -> Result<bool, Fault> {
    let Some((signed, tag)) = token.rsplit_once('.') else { return Ok(false) };
    let Ok(tag) = BASE64URL_NOPAD.decode(tag.as_bytes()) else { return Ok(false) };
    Ok(key.derived(PURPOSE)?.chain_update(signed).verify_slice(&tag).is_ok())
}

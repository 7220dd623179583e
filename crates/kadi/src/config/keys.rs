//! `keys.toml`: made once, kept from other users' eyes, read at every start.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use kadi_dialects::file_fault::FileFault;
use kadi_domain::refusal::Fault;
use kadi_domain::seal::{Keyring, NumberedKey};
use kadi_domain::secret::Secret;
use serde::Deserialize;
use toml::Spanned;

const OWNER_ONLY_FILE: u32 = 0o600;
const OWNER_ONLY_FOLDER: u32 = 0o700;
const FILE_BYTES_MAX: u64 = 65_536;
const TOKEN_CHARS_MIN: usize = 16;

/// The keys of this installation.
#[derive(Debug)]
pub(crate) struct KeysFile {
    code: Secret<[u8; 32]>,
    blind: Secret<[u8; 32]>,
    seal: Vec<NumberedKey>,
    books: Vec<NumberedKey>,
    sandbox_token: Secret<String>,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysFault {
    /// The file system refuses.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Other users may read or change the file.
    #[error("{}: other users may read or change the keys (mode {mode:04o}); chmod 600 it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is no regular file, or far too large.
    #[error("{}: is not a file of keys", path.display())]
    NoKeysFile {
        /// The file.
        path: PathBuf,
    },
    /// A line is wrong.
    #[error("{}, line {line}, {key}: {reason}", path.display())]
    Bad {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// The key.
        key: String,
        /// The rule that it breaks.
        reason: String,
    },
    /// The system gives no randomness.
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    code: Spanned<String>,
    blind: Spanned<String>,
    sandbox_token: Spanned<String>,
    seal: Spanned<Vec<NumberedText>>,
    books: Spanned<Vec<NumberedText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberedText {
    id: Spanned<u32>,
    key: Spanned<String>,
}

impl KeysFile {
    /// Reads the keys, and refuses a file that other users may read.
    pub(crate) fn read(path: &Path) -> Result<Self, KeysFault> {
        let io = |error| KeysFault::Io { path: path.to_owned(), error };
        let file = File::open(path).map_err(io)?;
        // Asked of the open file, so that nobody can put another in its place in between.
        let facts = file.metadata().map_err(io)?;
        let mode = facts.permissions().mode() & 0o777;
        if !facts.is_file() || facts.len() > FILE_BYTES_MAX {
            return Err(KeysFault::NoKeysFile { path: path.to_owned() });
        }
        if mode & 0o077 != 0 {
            return Err(KeysFault::Open { path: path.to_owned(), mode });
        }
        let mut text = String::new();
        file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(io)?;
        parse(&text).map_err(|fault| KeysFault::Bad {
            path: path.to_owned(),
            line: fault.line(&text),
            key: fault.key,
            reason: fault.reason,
        })
    }

    /// Makes new keys, in a new folder where there is none, and reads them back. Where another process was
    /// faster, its keys count: an existing file is never replaced.
    pub(crate) fn create(path: &Path) -> Result<Self, KeysFault> {
        let io = |error| KeysFault::Io { path: path.to_owned(), error };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        DirBuilder::new().recursive(true).mode(OWNER_ONLY_FOLDER).create(folder).map_err(io)?;
        let draft = folder.join(format!(".keys-{}.tmp", HEXLOWER.encode(&random::<8>()?)));
        let text = fresh_text()?;
        let written = write_whole(&draft, text.expose());
        // A link, not a rename: it fails where the name is taken.
        let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
        std::fs::remove_file(&draft).map_err(io)?;
        match linked {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            other => other.map_err(io)?,
        }
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        Self::read(path)
    }

    /// The keys for codes, sealing, blind indexes and the books.
    pub(crate) fn keyring(&self) -> Result<Keyring, Fault> {
        Keyring::new(&self.code, self.seal.clone(), self.blind.clone(), self.books.clone())
    }

    /// The bearer token of `/sandbox` where that is not only on loopback.
    pub(crate) const fn sandbox_token(&self) -> &Secret<String> {
        &self.sandbox_token
    }
}

fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY_FILE).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn fresh_text() -> Result<Secret<String>, KeysFault> {
    let [code, blind, seal, books] = [random::<32>()?, random()?, random()?, random()?];
    let hex = |key: [u8; 32]| HEXLOWER.encode(&key);
    Ok(Secret::new(format!(
        "# The keys of this Kadi. Without them its database cannot be read: keep a copy in a safe place.\n\
         # A new [[seal]] or [[books]] key may be added with the next id; what older ones made still opens.\n\
         # `code` and `blind` can never change while links made with them live.\n\
         code = \"{}\"\nblind = \"{}\"\nsandbox_token = \"kadi_sandbox_{}\"\n\n\
         [[seal]]\nid = 1\nkey = \"{}\"\n\n[[books]]\nid = 1\nkey = \"{}\"\n",
        hex(code),
        hex(blind),
        HEXLOWER.encode(&random::<24>()?),
        hex(seal),
        hex(books)
    )))
}

#[expect(clippy::disallowed_methods, reason = "this is the generation of keys, before any engine exists")]
fn random<const N: usize>() -> Result<[u8; N], KeysFault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(KeysFault::Random)?;
    Ok(bytes)
}

fn parse(text: &str) -> Result<KeysFile, FileFault> {
    let keys: Keys = toml::from_str(text).map_err(FileFault::of_toml)?;
    let mut seen = BTreeSet::new();
    let code = key_of("code", &keys.code, &mut seen)?;
    let blind = key_of("blind", &keys.blind, &mut seen)?;
    let seal = numbered("seal", keys.seal, &mut seen)?;
    let books = numbered("books", keys.books, &mut seen)?;
    let token: &String = keys.sandbox_token.as_ref();
    if token.len() < TOKEN_CHARS_MIN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let reason = "has fewer than 16 characters, or others than visible ASCII";
        return Err(FileFault::new(keys.sandbox_token.span(), "sandbox_token", reason));
    }
    let sandbox_token = Secret::new(keys.sandbox_token.into_inner());
    Ok(KeysFile { code, blind, seal, books, sandbox_token })
}

/// All keys of a list, the newest (highest id) last.
fn numbered(
    name: &str,
    list: Spanned<Vec<NumberedText>>,
    seen: &mut BTreeSet<[u8; 32]>,
) -> Result<Vec<NumberedKey>, FileFault> {
    if list.as_ref().is_empty() {
        return Err(FileFault::new(list.span(), name, "has no key"));
    }
    let mut keys: Vec<NumberedKey> = Vec::new();
    for text in list.into_inner() {
        let id = *text.id.as_ref();
        if id == 0 || keys.iter().any(|key| key.id == id) {
            let reason = "is 0 or stands twice; ids count from 1 and are never given again";
            return Err(FileFault::new(text.id.span(), format!("{name}.id"), reason));
        }
        keys.push(NumberedKey { id, key: key_of(&format!("{name}.key"), &text.key, seen)? });
    }
    keys.sort_by_key(|key| key.id);
    Ok(keys)
}

fn key_of(
    name: &str,
    text: &Spanned<String>,
    seen: &mut BTreeSet<[u8; 32]>,
) -> Result<Secret<[u8; 32]>, FileFault> {
    let fault = |reason: &str| FileFault::new(text.span(), name, reason);
    let bytes =
        HEXLOWER.decode(text.as_ref().as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let bytes = bytes.ok_or_else(|| fault("is not a key of 64 hexadecimal digits in small letters"))?;
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(fault("is no random key"));
    }
    if !seen.insert(bytes) {
        return Err(fault("is the same as another key; each has one use"));
    }
    Ok(Secret::new(bytes))
}

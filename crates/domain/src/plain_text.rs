//! Rules for short texts from outside: mobile numbers, e-mail addresses, hidden characters.

/// The most bytes an e-mail address may have (RFC 5321, 4.5.3.1.3, less the angle brackets).
pub const EMAIL_BYTES_MAX: usize = 254;
const LOCAL_PART_BYTES_MAX: usize = 64;
const LABEL_BYTES_MAX: usize = 63;

/// The ten digits of an Indian mobile number: they start with 6 to 9 and may follow `0`, `91` or `+91`.
/// None for anything else, blanks and hyphens included.
pub fn indian_mobile(text: &str) -> Option<String> {
    let digits = match text.len() {
        10 => text,
        11 => text.strip_prefix('0')?,
        12 => text.strip_prefix("91")?,
        13 => text.strip_prefix("+91")?,
        _ => return None,
    };
    let is_mobile =
        digits.starts_with(['6', '7', '8', '9']) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_mobile.then(|| digits.to_owned())
}

/// Is it an e-mail address that Kadi writes to?
///
/// Plain ASCII `local@domain`: no quoted local part, no comment, no address literal, a domain of at least two
/// labels that does not end in a number. So it never holds a blank, a line break or a character that a mail
/// header gives a meaning to.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    text.len() <= EMAIL_BYTES_MAX && is_local_part(local) && is_mail_domain(domain)
}

fn is_local_part(local: &str) -> bool {
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atom_byte);
    local.len() <= LOCAL_PART_BYTES_MAX && local.split('.').all(is_atom)
}

/// `atext` of RFC 5322.
fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_mail_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else { return false };
    domain.split('.').all(is_label) && top.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Does the text hold a character that is not seen and changes what is seen: a control character (line breaks
/// and tabs included), a line or paragraph separator, or one that turns the direction of writing?
///
/// Joiners (U+200C, U+200D) are letters' business in Indian scripts and allowed.
pub fn has_control_or_bidi(text: &str) -> bool {
    text.chars().any(is_control_or_bidi)
}

/// Could it be several lines: has it nothing that [`has_control_or_bidi`] looks for but line breaks and tabs?
pub fn is_prose(text: &str) -> bool {
    !text.split(['\n', '\r', '\t']).any(has_control_or_bidi)
}

fn is_control_or_bidi(character: char) -> bool {
    let is_separator = matches!(character, '\u{2028}' | '\u{2029}');
    let is_bidi = matches!(
        character,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    character.is_control() || is_separator || is_bidi
}

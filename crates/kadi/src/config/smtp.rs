//! `[smtp]`: the mail server, checked with its password read.

use std::path::Path;

use kadi_outbound::channels::smtp::{Password, SmtpChannel, SmtpSettings, SmtpTimeouts, SmtpTls};
use kadi_outbound::tls::ExtraRoots;
use toml::Spanned;

use super::fault::{Given, SettingFault};
use super::file::{ConfigFile, SmtpKeys};

/// A password file longer than this is some other file.
const PASSWORD_BYTES_MAX: usize = 1_024;

pub(super) fn smtp(file: &ConfigFile) -> Result<Option<SmtpSettings>, SettingFault> {
    let Some(section) = &file.keys.smtp else { return Ok(None) };
    let keys: &SmtpKeys = section.as_ref();
    let (tls, default_port) = tls(&file.given(&keys.tls))?;
    let password = match &keys.password_file {
        Some(path) => Some(password(file, path)?),
        None => None,
    };
    let settings = SmtpSettings {
        host: keys.host.clone(),
        port: keys.port.unwrap_or(default_port),
        from: keys.from.clone(),
        tls,
        username: keys.username.clone(),
        password,
        extra_roots: ExtraRoots::default(),
        timeouts: SmtpTimeouts::default(),
    };
    // The channel knows what it can work with; asked now, so that the start ends with the line of the file.
    if let Err(fault) = SmtpChannel::new(settings.clone()) {
        let place = Spanned::new(section.span(), ());
        // Its words name the section themselves.
        return Err(SettingFault::bad(&file.given(&place).origin, "", fault.to_string()));
    }
    Ok(Some(settings))
}

/// The protection and the port that is usual with it (RFC 5321, 6409, 8314).
fn tls(given: &Given<String>) -> Result<(SmtpTls, u16), SettingFault> {
    match given.value.as_str() {
        "none" => Ok((SmtpTls::None, 25)),
        "starttls" => Ok((SmtpTls::StartTls, 587)),
        "tls" => Ok((SmtpTls::Tls, 465)),
        _ => Err(SettingFault::bad(&given.origin, "smtp.tls", "is not one of none, starttls, tls")),
    }
}

fn password(file: &ConfigFile, path: &Spanned<std::path::PathBuf>) -> Result<Password, SettingFault> {
    let fault = |reason: String| SettingFault::bad(&file.given(path).origin, "smtp.password_file", reason);
    let path: &Path = path.as_ref();
    let text = std::fs::read_to_string(file.beside(path)).map_err(|error| fault(error.to_string()))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.len() > PASSWORD_BYTES_MAX || line.contains(char::is_control) {
        return Err(fault("does not hold one line with a password".to_owned()));
    }
    Ok(Password::new(line.to_owned()))
}

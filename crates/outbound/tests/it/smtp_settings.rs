//! Settings that would leak are refused; TLS and login work and are insisted on.

use std::time::Duration;

use kadi_outbound::channels::smtp::{
    Password, SendFault, SettingsFault, SmtpChannel, SmtpSettings, SmtpTls, Stage,
};
use kadi_outbound::tls::ExtraRoots;
use tempfile::TempDir;

use crate::support::certificates::issue;
use crate::support::smtp::{Sink, email, settings};

fn fault_of(settings: SmtpSettings) -> SettingsFault {
    SmtpChannel::new(settings).unwrap_err()
}

#[test]
fn unprotected_mail_stays_on_this_machine() {
    for host in ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LocalHost"] {
        assert!(SmtpChannel::new(SmtpSettings { host: host.to_owned(), ..settings(25) }).is_ok(), "{host}");
    }
    for host in ["mail.example", "10.0.0.1", "0.0.0.0", "::", "localhost.evil.example", "127.0.0.1.example"] {
        let fault = fault_of(SmtpSettings { host: host.to_owned(), ..settings(25) });
        assert_eq!(fault, SettingsFault::PlainToOtherMachine { host: host.to_owned() });
        for tls in [SmtpTls::StartTls, SmtpTls::Tls] {
            assert!(SmtpChannel::new(SmtpSettings { host: host.to_owned(), tls, ..settings(465) }).is_ok());
        }
    }
}

#[test]
fn settings_are_whole_or_refused_by_name() {
    for host in ["", "mail example", "mail\r\n.example"] {
        let fault = fault_of(SmtpSettings { host: host.to_owned(), tls: SmtpTls::Tls, ..settings(25) });
        assert_eq!(fault, SettingsFault::Host, "{host:?}");
    }
    for from in ["", "pay", "Kadi", "Kadi <pay>", "pay@kadi.example\r\nBcc: all@evil.example"] {
        assert_eq!(fault_of(SmtpSettings { from: from.to_owned(), ..settings(25) }), SettingsFault::From);
    }
    let (user, password) = (Some("u".to_owned()), Some(Password::new("p".to_owned())));
    let fault = fault_of(SmtpSettings { username: user, ..settings(25) });
    assert_eq!(fault, SettingsFault::HalfLogin);
    assert_eq!(fault_of(SmtpSettings { password, ..settings(25) }), SettingsFault::HalfLogin);
}

#[test]
fn debug_never_shows_the_password() {
    let password = Some(Password::new("canary".to_owned()));
    let settings = SmtpSettings { username: Some("u".to_owned()), password, ..settings(25) };
    assert!(!format!("{settings:?}").contains("canary"));
    assert!(!format!("{:?}", SmtpChannel::new(settings).unwrap()).contains("canary"));
}

/// A sink with a certificate for `localhost`, and settings that trust its authority.
fn protected(tls: SmtpTls, word: &str, arguments: &[&str]) -> (Sink, SmtpSettings, TempDir) {
    let (certificates, folder) = (issue(&["localhost"]), TempDir::new().unwrap());
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (cert, key) = (file("cert.pem", &certificates.cert_pem), file("key.pem", &certificates.key_pem));
    let sink = Sink::start(&[&["--tls", word, "--cert", &cert, "--key", &key], arguments].concat());
    let settings = SmtpSettings {
        host: "localhost".to_owned(),
        tls,
        extra_roots: ExtraRoots::from_pem(certificates.ca_pem.as_bytes()).unwrap(),
        ..settings(sink.port)
    };
    (sink, settings, folder)
}

#[tokio::test]
async fn starttls_and_tls_protect_mail_and_login() {
    for (tls, word) in [(SmtpTls::StartTls, "starttls"), (SmtpTls::Tls, "tls")] {
        let (sink, mut settings, _folder) = protected(tls, word, &["--login", "kadi:pässwörd"]);
        settings.username = Some("kadi".to_owned());
        settings.password = Some(Password::new("pässwörd".to_owned()));
        SmtpChannel::new(settings).unwrap().send(&email()).await.unwrap();
        let mail = sink.peer.hear();
        assert_eq!((&mail["tls"], &mail["login"]), (&true.into(), &"kadi".into()), "{word}");
    }
}

#[tokio::test]
async fn a_wrong_password_delays_and_does_not_lose() {
    let (sink, mut settings, _folder) = protected(SmtpTls::Tls, "tls", &["--login", "kadi:right"]);
    settings.username = Some("kadi".to_owned());
    settings.password = Some(Password::new("canary".to_owned()));
    let fault = SmtpChannel::new(settings).unwrap().send(&email()).await.unwrap_err();
    assert!(matches!(fault, SendFault::Later { stage: Stage::Connect, code: Some(535), .. }), "{fault:?}");
    assert!(!fault.to_string().contains("canary"));
    assert!(sink.peer.is_silent());
}

#[tokio::test]
async fn a_server_that_offers_no_starttls_gets_no_mail() {
    let sink = Sink::start(&[]);
    let settings = SmtpSettings { tls: SmtpTls::StartTls, ..settings(sink.port) };
    let fault = SmtpChannel::new(settings).unwrap().send(&email()).await.unwrap_err();
    assert!(matches!(fault, SendFault::Later { stage: Stage::Connect, code: None, .. }), "{fault:?}");
    assert!(sink.peer.is_silent());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_no_mail() {
    for (tls, word) in [(SmtpTls::StartTls, "starttls"), (SmtpTls::Tls, "tls")] {
        let (sink, trusting, _folder) = protected(tls, word, &[]);
        let strangers = [
            SmtpSettings { extra_roots: ExtraRoots::default(), ..trusting.clone() },
            SmtpSettings { host: "127.0.0.1".to_owned(), ..trusting },
        ];
        for mut settings in strangers {
            settings.timeouts.connect = Duration::from_secs(2);
            let fault = SmtpChannel::new(settings).unwrap().send(&email()).await.unwrap_err();
            assert!(matches!(fault, SendFault::Later { stage: Stage::Connect, .. }), "{fault:?}");
        }
        assert!(sink.peer.is_silent());
    }
}

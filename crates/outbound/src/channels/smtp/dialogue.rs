//! The talk with the mail server, step by step, so that it is known how far it came when it ends.

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::time::timeout;

use super::contained::{Panicked, contained};
use super::email::Letter;
use super::fault::{SendFault, Stage};
use super::settings::{Security, Server};

/// The reply code that asks for the mail's content.
const SEND_IT: u16 = 354;

/// Reply codes (RFC 4954) that speak of the login, not of this mail: the operator can put them right.
const LOGIN_CODES: [u16; 4] = [530, 534, 535, 538];

/// Connects and logs in. Whatever goes wrong here is no fault of the mail, so it is always `Later`.
pub(super) async fn connect(server: &Server) -> Result<AsyncSmtpConnection, SendFault> {
    let later = |code, reason| SendFault::Later { stage: Stage::Connect, code, reason };
    // The library panics over a list of the server's extensions in which a line is blank.
    match timeout(server.timeouts.connect, contained(open(server))).await {
        Ok(Ok(Ok(connection))) => Ok(connection),
        Ok(Ok(Err(error))) => Err(later(error.status().map(u16::from), error.to_string())),
        Ok(Err(Panicked)) => Err(later(None, "the server's greeting could not be read".to_owned())),
        Err(_) => Err(later(None, "the server did not answer in time".to_owned())),
    }
}

async fn open(server: &Server) -> Result<AsyncSmtpConnection, Error> {
    let (hello, patience) = (ClientId::default(), Some(server.timeouts.connect));
    let named = (server.host.as_str(), server.port);
    let mut connection = match &server.security {
        Security::Plain(addresses) => {
            AsyncSmtpConnection::connect_tokio1(addresses.as_slice(), patience, &hello, None, None).await?
        }
        Security::StartTls(tls) => {
            let mut connection =
                AsyncSmtpConnection::connect_tokio1(named, patience, &hello, None, None).await?;
            connection.starttls(tls.clone(), &hello).await?;
            connection
        }
        Security::Tls(tls) => {
            AsyncSmtpConnection::connect_tokio1(named, patience, &hello, Some(tls.clone()), None).await?
        }
    };
    if let Some(login) = &server.login {
        connection.auth(&[Mechanism::Plain, Mechanism::Login], login).await?;
    }
    Ok(connection)
}

/// Hands one mail over and returns the server's words of acceptance.
pub(super) async fn deliver(
    connection: &mut AsyncSmtpConnection,
    letter: &Letter,
    server: &Server,
) -> Result<Response, SendFault> {
    let patience = server.timeouts.command;
    let mail = Mail::new(letter.envelope.from().cloned(), parameters(connection, letter)?);
    let taken = step(Stage::Sender, patience, connection.command(mail)).await?;
    expect(Stage::Sender, &taken, is_yes(&taken))?;
    for to in letter.envelope.to() {
        let taken =
            step(Stage::Recipient, patience, connection.command(Rcpt::new(to.clone(), vec![]))).await?;
        expect(Stage::Recipient, &taken, is_yes(&taken))?;
    }
    let go_on = step(Stage::Content, patience, connection.command(Data)).await?;
    expect(Stage::Content, &go_on, go_on.has_code(SEND_IT))?;
    content(connection, letter, server).await
}

/// A 2xx; the library lets a 3xx pass for one.
fn is_yes(answer: &Response) -> bool {
    answer.code().severity == Severity::PositiveCompletion
}

/// A server that answers beside the question has lost the thread, and may find it again.
fn expect(stage: Stage, answer: &Response, fits: bool) -> Result<(), SendFault> {
    let reason = || format!("the server answered {} instead", answer.code());
    if fits { Ok(()) } else { Err(SendFault::Later { stage, code: None, reason: reason() }) }
}

/// From here on only the server's own no is a no.
async fn content(
    connection: &mut AsyncSmtpConnection,
    letter: &Letter,
    server: &Server,
) -> Result<Response, SendFault> {
    match timeout(server.timeouts.content, connection.message(&letter.bytes)).await {
        Ok(Ok(response)) if is_yes(&response) => Ok(response),
        Ok(Ok(response)) => {
            Err(SendFault::Unknown { reason: format!("the mail was answered with {}", response.code()) })
        }
        Ok(Err(error)) if error.status().is_some() => Err(answered(Stage::Content, &error)),
        Ok(Err(error)) => Err(SendFault::Unknown { reason: error.to_string() }),
        Err(_) => Err(SendFault::Unknown { reason: "the server did not answer in time".to_owned() }),
    }
}

async fn step(
    stage: Stage,
    patience: Duration,
    talk: impl Future<Output = Result<Response, Error>>,
) -> Result<Response, SendFault> {
    match timeout(patience, talk).await {
        Ok(answer) => answer.map_err(|error| answered(stage, &error)),
        Err(_) => {
            let reason = "the server did not answer in time".to_owned();
            Err(SendFault::Later { stage, code: None, reason })
        }
    }
}

fn answered(stage: Stage, error: &Error) -> SendFault {
    let (code, reason) = (error.status().map(u16::from), error.to_string());
    if error.is_permanent() && !code.is_some_and(|code| LOGIN_CODES.contains(&code)) {
        SendFault::Refused { stage, code, reason }
    } else {
        SendFault::Later { stage, code, reason }
    }
}

/// What `MAIL FROM` must announce (RFC 6152, RFC 6531), refused where the server cannot take it.
fn parameters(connection: &AsyncSmtpConnection, letter: &Letter) -> Result<Vec<MailParameter>, SendFault> {
    let offers = |extension| connection.server_info().supports_feature(extension);
    let lacking =
        |reason: &str| SendFault::Refused { stage: Stage::Sender, code: None, reason: reason.into() };
    let mut parameters = Vec::new();
    let mut addresses = letter.envelope.to().iter().chain(letter.envelope.from());
    if !addresses.all(|address| address.to_string().is_ascii()) {
        if !offers(Extension::SmtpUtfEight) {
            return Err(lacking("the server takes no addresses outside ASCII"));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !letter.bytes.is_ascii() {
        if !offers(Extension::EightBitMime) {
            return Err(lacking("the server takes no mail outside ASCII"));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

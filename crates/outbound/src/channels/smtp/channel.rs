//! The e-mail channel: one server, a few kept connections.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::timeout;

use super::dialogue;
use super::email::{Email, compose};
use super::fault::SendFault;
use super::redact::redact;
use super::settings::{Server, SettingsFault, SmtpSettings};

/// How many connections wait for the next mail.
const RESTING_MAX: usize = 4;

/// How long one may wait; servers hang up after a few minutes.
const RESTING_FOR: Duration = Duration::from_secs(60);

/// How long the farewell may take when a connection is given up.
const QUIT_WITHIN: Duration = Duration::from_secs(2);

/// Sends mail through one SMTP server. Share it by reference or `Arc`: it keeps connections.
pub struct SmtpChannel {
    server: Server,
    resting: Mutex<Vec<Resting>>,
}

/// The server has taken the mail over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The server's words, usually with its queue id; at most 200 characters, without addresses.
    pub provider_reference: String,
}

struct Resting {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl fmt::Debug for SmtpChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, port) = (&self.server.host, self.server.port);
        f.debug_struct("SmtpChannel").field("host", host).field("port", &port).finish_non_exhaustive()
    }
}

impl SmtpChannel {
    /// Checks the settings; no connection is made yet.
    ///
    /// # Errors
    /// [`SettingsFault`], named after the first rule that they break.
    pub fn new(settings: SmtpSettings) -> Result<Self, SettingsFault> {
        Ok(Self { server: settings.check()?, resting: Mutex::new(Vec::new()) })
    }

    /// Sends one mail and waits for the server's word.
    ///
    /// # Errors
    /// [`SendFault`] says whether it was refused, may be sent later, or may have been accepted.
    pub async fn send(&self, email: &Email) -> Result<Accepted, SendFault> {
        let letter = compose(&self.server.from, email)?;
        let outcome = match self.connection().await {
            Ok(mut connection) => {
                let outcome = dialogue::deliver(&mut connection, &letter, &self.server).await;
                match &outcome {
                    Ok(_) => self.rest(connection),
                    Err(_) => quit(connection).await,
                }
                outcome
            }
            Err(fault) => Err(fault),
        };
        match outcome {
            Ok(response) => {
                let words = response.message().collect::<Vec<_>>().join(" ");
                Ok(Accepted { provider_reference: redact(&words, &email.to) })
            }
            Err(fault) => Err(discreet(fault, &email.to)),
        }
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, SendFault> {
        while let Some(mut resting) = self.wake() {
            // The server may have hung up meanwhile; found out now, it is no failed sending.
            let alive = timeout(self.server.timeouts.command, resting.connection.test_connected()).await;
            if resting.since.elapsed() < RESTING_FOR && alive.unwrap_or(false) {
                return Ok(resting.connection);
            }
            quit(resting.connection).await;
        }
        dialogue::connect(&self.server).await
    }

    fn wake(&self) -> Option<Resting> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn rest(&self, connection: AsyncSmtpConnection) {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if resting.len() < RESTING_MAX {
            resting.push(Resting { connection, since: Instant::now() });
        }
    }
}

async fn quit(mut connection: AsyncSmtpConnection) {
    // A farewell that gets no answer changes nothing: dropping the connection closes it.
    let _unanswered = timeout(QUIT_WITHIN, connection.abort()).await;
}

fn discreet(fault: SendFault, to: &str) -> SendFault {
    match fault {
        SendFault::Refused { stage, code, reason } => {
            SendFault::Refused { stage, code, reason: redact(&reason, to) }
        }
        SendFault::Later { stage, code, reason } => {
            SendFault::Later { stage, code, reason: redact(&reason, to) }
        }
        SendFault::Unknown { reason } => SendFault::Unknown { reason: redact(&reason, to) },
    }
}

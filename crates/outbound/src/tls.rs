//! Whom outgoing TLS connections trust: Mozilla's roots, and what the operator adds.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// The longest reason why a file is not used.
const REASON_CHARS_MAX: usize = 200;

/// Certificate authorities that the operator trusts besides Mozilla's list (a company's own, a test's).
#[derive(Clone, Debug, Default)]
pub struct ExtraRoots(Vec<CertificateDer<'static>>);

/// Why a file of extra certificate authorities cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RootsFault {
    /// The text is not PEM, or one of its blocks is damaged.
    #[error("the file of certificate authorities is not valid PEM: {0}")]
    NotPem(String),
    /// The text holds no `CERTIFICATE` block, so trusting it would change nothing.
    #[error("the file of certificate authorities holds no certificate")]
    Empty,
    /// A block is not a certificate that can be trusted as an authority.
    #[error("certificate {number} of the file cannot be used: {reason}")]
    Unusable {
        /// Position in the file, from 1.
        number: usize,
        /// What the TLS library says about it.
        reason: String,
    },
}

/// The library's words, which may repeat a whole line of the file byte for byte, cut off.
fn told(fault: &impl ToString) -> String {
    fault.to_string().chars().take(REASON_CHARS_MAX).collect()
}

impl ExtraRoots {
    /// Reads every certificate of a PEM file.
    ///
    /// # Errors
    /// [`RootsFault`], when there is none or one of them cannot be used: a half-read file would surprise
    /// later.
    pub fn from_pem(pem: &[u8]) -> Result<Self, RootsFault> {
        let mut store = RootCertStore::empty();
        let mut certificates = Vec::new();
        for (index, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
            let certificate = certificate.map_err(|fault| RootsFault::NotPem(told(&fault)))?;
            store.add(certificate.clone()).map_err(|fault| RootsFault::Unusable {
                number: index.saturating_add(1),
                reason: told(&fault),
            })?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            return Err(RootsFault::Empty);
        }
        Ok(Self(certificates))
    }

    pub(crate) fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.0
    }

    /// A client configuration on aws-lc-rs that offers HTTP/2 and HTTP/1.1.
    pub(crate) fn client_config(&self) -> Result<ClientConfig, rustls::Error> {
        let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in &self.0 {
            store.add(certificate.clone())?;
        }
        // Named here, not taken from the process: nothing else in it may choose Kadi's cryptography.
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(store)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

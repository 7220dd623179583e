//! TLS: whom the client trusts, and that it says so when it does not.

use std::sync::Arc;
use std::time::Duration;

use kadi_outbound::http::{GuardPolicy, GuardedClient, PostFault, PostTimeouts};
use kadi_outbound::tls::{ExtraRoots, RootsFault};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::support::certificates::{Certificates, issue};
use crate::support::http_server::{HttpServer, Manner, answer};

fn acceptor(certificates: &Certificates) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let chain = vec![CertificateDer::from(certificates.cert_der.clone())];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(certificates.key_der.clone()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn client(roots: ExtraRoots) -> GuardedClient {
    let timeouts = PostTimeouts { connect: Duration::from_secs(2), whole: Duration::from_secs(4) };
    let policy = GuardPolicy { allow_loopback: true, extra_roots: roots, timeouts };
    GuardedClient::new(policy).unwrap()
}

async fn post(client: &GuardedClient, host: &str, server: &HttpServer) -> Result<u16, PostFault> {
    let url = format!("https://{host}:{}/hook", server.port());
    client.post(&url, "text/plain", &[], b"x".to_vec()).await.map(|answer| answer.status)
}

#[tokio::test]
async fn an_authority_of_the_operator_is_trusted_and_no_other() {
    let certificates = issue(&["localhost", "127.0.0.1"]);
    let tls = Some(acceptor(&certificates));
    let server = HttpServer::listen("127.0.0.1:0", answer("200 OK", "", b""), tls).await;

    let roots = ExtraRoots::from_pem(certificates.ca_pem.as_bytes()).unwrap();
    for host in ["localhost", "127.0.0.1"] {
        assert_eq!(post(&client(roots.clone()), host, &server).await, Ok(200), "{host}");
    }
    let others = ExtraRoots::from_pem(issue(&["localhost"]).ca_pem.as_bytes()).unwrap();
    for roots in [ExtraRoots::default(), others] {
        let fault = post(&client(roots), "localhost", &server).await.unwrap_err();
        assert!(matches!(fault, PostFault::Tls(_)), "{fault:?}");
        assert!(!fault.may_have_arrived());
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_enough() {
    let certificates = issue(&["other.example"]);
    let tls = Some(acceptor(&certificates));
    let server = HttpServer::listen("127.0.0.1:0", answer("200 OK", "", b""), tls).await;
    let roots = ExtraRoots::from_pem(certificates.ca_pem.as_bytes()).unwrap();
    let fault = post(&client(roots), "localhost", &server).await.unwrap_err();
    assert!(matches!(fault, PostFault::Tls(_)), "{fault:?}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_server_without_tls_gets_no_request() {
    let server = HttpServer::plain(Manner::Answer(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())).await;
    let fault = post(&client(ExtraRoots::default()), "localhost", &server).await.unwrap_err();
    assert!(matches!(fault, PostFault::Tls(_) | PostFault::Connect(_)), "{fault:?}");
    assert!(server.requests().is_empty());
}

#[test]
fn a_file_of_authorities_is_read_whole_or_refused() {
    let (one, two) = (issue(&["a.example"]).ca_pem, issue(&["b.example"]).ca_pem);
    assert!(ExtraRoots::from_pem(format!("# ours\n{one}\n{two}").as_bytes()).is_ok());
    assert_eq!(ExtraRoots::from_pem(b"").unwrap_err(), RootsFault::Empty);
    assert_eq!(ExtraRoots::from_pem(b"no PEM at all").unwrap_err(), RootsFault::Empty);
    let key_only = issue(&["a.example"]).key_pem;
    assert_eq!(ExtraRoots::from_pem(key_only.as_bytes()).unwrap_err(), RootsFault::Empty);
    let cut = format!("{one}{}", two.trim_end().trim_end_matches("-----END CERTIFICATE-----"));
    assert!(matches!(ExtraRoots::from_pem(cut.as_bytes()).unwrap_err(), RootsFault::NotPem(_)));
    let damaged = format!("{one}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let fault = ExtraRoots::from_pem(damaged.as_bytes()).unwrap_err();
    assert!(matches!(fault, RootsFault::Unusable { number: 2, .. }), "{fault:?}");
}

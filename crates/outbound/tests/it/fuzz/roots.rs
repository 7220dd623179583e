//! The operator's file of certificate authorities: used whole or refused.

use kadi_outbound::tls::ExtraRoots;

#[test]
fn extra_roots() {
    kadi_fuzz::target!("extra_roots", 1_000, |bytes: &[u8]| {
        let Err(fault) = ExtraRoots::from_pem(bytes) else {
            let begin = b"-----BEGIN CERTIFICATE-----";
            assert!(bytes.windows(begin.len()).any(|part| part == begin));
            let twice = [bytes, b"\n", bytes].concat();
            assert!(ExtraRoots::from_pem(&twice).is_ok());
            return;
        };
        assert!(fault.to_string().len() < 400, "{fault}");
    });
}

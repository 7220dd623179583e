//! Notices of the sandbox rail: only those that carry its tag are read, and then as they were written.

use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::moment::Setup;
use kadi_engine::domain::rail::{Report, Taken};
use kadi_engine::domain::seal::{Keyring, NumberedKey};
use kadi_engine::domain::secret::Secret;
use kadi_engine::engine::Engine;
use kadi_engine::ports::{Notice, Rail as _};
use kadi_outbound::rails::SandboxRail;
use kadi_store::Location;

fn engine(folder: &std::path::Path) -> Engine {
    let key = |id| NumberedKey { id, key: Secret::new([9; 32]) };
    let keys = Keyring::new(&Secret::new([1; 32]), vec![key(1)], Secret::new([2; 32]), vec![key(1)]);
    Engine::start(&Location::sqlite(folder.join("kadi.db")), Setup::sandbox(), keys.unwrap()).unwrap()
}

#[test]
fn rail_notice() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let rail = SandboxRail::new(engine.clone());
    kadi_fuzz::target!("rail_notice", 1_000, |bytes: &[u8]| {
        if let Some(notice) = rail.read_notice(bytes).unwrap() {
            panic!("nobody signed this: {notice:?}");
        }
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let tag = engine.keys().blind("sandbox notice", text).unwrap();
        let tag = data_encoding::HEXLOWER.encode(&tag);
        let signed = format!("{text}&tag={tag}");
        let notice = rail.read_notice(signed.as_bytes()).unwrap();
        if let Some(Notice::Refund(refund, _)) = &notice {
            assert!(text.contains("refund=") && text.contains("word="), "{refund:?}");
        }
        if let Some(Notice::Payment(payment, report)) = notice {
            assert!(text.contains("payment=") && text.contains("word="), "{payment:?}");
            if let Report::Succeeded(taken) | Report::Reversed(taken) = report {
                let Taken { reference: _, charged: _, currency, payee: _ } = taken;
                assert!(Currency::parse(currency.code()) == Some(currency) && text.contains("charged="));
            }
        }
        let other = format!("{text} &tag={tag}");
        assert!(rail.read_notice(other.as_bytes()).unwrap().is_none());
    });
    engine.stop();
}

//! Web addresses that merchants set: what is taken reads the same to everybody.

use kadi_dialects::shared::web_address::{WEB_ADDRESS_BYTES_MAX, WebAddressFault, parse_web_address};

#[test]
fn web_address() {
    kadi_fuzz::target!("web_address", 2_000, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let (public, anywhere) = (parse_web_address(text, false), parse_web_address(text, true));
        if let Ok(address) = &public {
            assert_eq!(anywhere.as_ref(), Ok(address));
            assert_eq!(address.scheme(), "https");
        }
        let Ok(address) = anywhere else {
            assert!(public.is_err(), "{text}");
            return;
        };
        assert!(text.len() <= WEB_ADDRESS_BYTES_MAX);
        let printed = address.as_str();
        assert!(printed.bytes().all(|byte| byte.is_ascii_graphic()), "{printed}");
        assert!(address.username().is_empty() && address.password().is_none(), "{printed}");
        let host = address.host_str().unwrap_or_default();
        assert!(!host.is_empty(), "{printed}");
        let is_own = host == "localhost" || host == "[::1]" || host.starts_with("127.");
        assert!(address.scheme() == "https" || address.scheme() == "http" && is_own, "{printed}");
        // Printed, it is taken again and stays as it is, unless percent signs made it longer than the limit.
        match parse_web_address(printed, true) {
            Ok(again) => assert_eq!(again, address),
            Err(fault) => {
                assert_eq!(fault, WebAddressFault::TooLong, "{printed}");
                assert!(printed.len() > WEB_ADDRESS_BYTES_MAX);
            }
        }
    });
}

//! The table of addresses that are, and are not, on the public internet.

use std::net::IpAddr;

use kadi_outbound::http::{is_global, is_loopback};

/// First and last of each closed block, what lies just outside it, and every way to write one address in
/// another.
const TABLE: &[(&str, bool)] = &[
    // IPv4: each closed block's ends and neighbours
    ("0.0.0.0", false),
    ("0.0.0.1", false),
    ("0.255.255.255", false),
    ("1.0.0.0", true),
    ("1.1.1.1", true),
    ("8.8.8.8", true),
    ("9.255.255.255", true),
    ("10.0.0.0", false),
    ("10.0.0.1", false),
    ("10.255.255.255", false),
    ("11.0.0.0", true),
    ("100.63.255.255", true),
    ("100.64.0.0", false),
    ("100.100.100.200", false),
    ("100.127.255.255", false),
    ("100.128.0.0", true),
    ("126.255.255.255", true),
    ("127.0.0.0", false),
    ("127.0.0.1", false),
    ("127.1.2.3", false),
    ("127.255.255.255", false),
    ("128.0.0.0", true),
    ("169.253.255.255", true),
    ("169.254.0.0", false),
    ("169.254.169.254", false),
    ("169.254.255.255", false),
    ("169.255.0.0", true),
    ("172.15.255.255", true),
    ("172.16.0.0", false),
    ("172.17.0.1", false),
    ("172.31.255.255", false),
    ("172.32.0.0", true),
    ("191.255.255.255", true),
    ("192.0.0.0", false),
    ("192.0.0.8", false),
    ("192.0.0.170", false),
    ("192.0.0.255", false),
    ("192.0.1.0", true),
    ("192.0.1.255", true),
    ("192.0.2.0", false),
    ("192.0.2.255", false),
    ("192.0.3.0", true),
    ("192.88.98.255", true),
    ("192.88.99.0", false),
    ("192.88.99.255", false),
    ("192.88.100.0", true),
    ("192.167.255.255", true),
    ("192.168.0.0", false),
    ("192.168.1.1", false),
    ("192.168.255.255", false),
    ("192.169.0.0", true),
    ("198.17.255.255", true),
    ("198.18.0.0", false),
    ("198.19.255.255", false),
    ("198.20.0.0", true),
    ("198.51.99.255", true),
    ("198.51.100.0", false),
    ("198.51.100.255", false),
    ("198.51.101.0", true),
    ("203.0.112.255", true),
    ("203.0.113.0", false),
    ("203.0.113.255", false),
    ("203.0.114.0", true),
    ("223.255.255.255", true),
    ("224.0.0.0", false),
    ("224.0.0.251", false),
    ("239.255.255.255", false),
    ("240.0.0.0", false),
    ("254.255.255.255", false),
    ("255.255.255.254", false),
    ("255.255.255.255", false),
    // IPv6 outside what is given out
    ("::", false),
    ("::1", false),
    ("::2", false),
    ("::127.0.0.1", false),
    ("::8.8.8.8", false),
    ("::ffff:0:8.8.8.8", false),
    ("100::", false),
    ("100:0:0:1::", false),
    ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false),
    ("4000::", false),
    ("5f00::1", false),
    ("8000::1", false),
    ("fc00::", false),
    ("fc00::1", false),
    ("fd00:ec2::254", false),
    ("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false),
    ("fe00::1", false),
    ("fe80::", false),
    ("fe80::1", false),
    ("febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false),
    ("fec0::1", false),
    ("ff00::", false),
    ("ff02::1", false),
    ("ff0e::1", false),
    ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false),
    // IPv6 inside what is given out
    ("2000::", true),
    ("2001::", false),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", false),
    ("2001:1::1", false),
    ("2001:2::1", false),
    ("2001:10::1", false),
    ("2001:20::1", false),
    ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", false),
    ("2001:200::", true),
    ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", true),
    ("2001:db8::", false),
    ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", false),
    ("2001:db9::", true),
    ("2001:4860:4860::8888", true),
    ("2002::", false),
    ("2002:7f00:1::", false),
    ("2002:808:808::", false),
    ("2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false),
    ("2003::", true),
    ("2400:cb00::1", true),
    ("2606:4700:4700::1111", true),
    ("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true),
    ("3fff::", false),
    ("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", false),
    ("3fff:1000::", true),
    ("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true),
    // An IPv4 address in IPv6 clothes is judged by what it is
    ("::ffff:8.8.8.8", true),
    ("::ffff:0.0.0.0", false),
    ("::ffff:10.0.0.1", false),
    ("::ffff:100.64.0.1", false),
    ("::ffff:127.0.0.1", false),
    ("::ffff:7f00:1", false),
    ("::ffff:169.254.169.254", false),
    ("::ffff:172.16.0.1", false),
    ("::ffff:192.168.0.1", false),
    ("::ffff:224.0.0.1", false),
    ("::ffff:255.255.255.255", false),
    ("64:ff9b::8.8.8.8", true),
    ("64:ff9b::127.0.0.1", false),
    ("64:ff9b::10.0.0.1", false),
    ("64:ff9b::a9fe:a9fe", false),
    ("64:ff9b::192.168.1.1", false),
    ("64:ff9b:0:0:0:1:808:808", false),
    ("64:ff9b:1::8.8.8.8", false),
    ("64:ff9b:1::127.0.0.1", false),
];

#[test]
fn every_address_of_the_table_is_judged_as_it_says() {
    assert!(TABLE.len() >= 100);
    for (text, expected) in TABLE {
        let ip: IpAddr = text.parse().unwrap();
        assert_eq!(is_global(ip), *expected, "{text}");
    }
}

#[test]
fn only_this_machine_is_loopback() {
    for text in ["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"] {
        assert!(is_loopback(text.parse().unwrap()), "{text}");
    }
    for text in
        ["0.0.0.0", "::", "126.0.0.1", "128.0.0.0", "10.0.0.1", "::127.0.0.1", "::2", "64:ff9b::7f00:1"]
    {
        assert!(!is_loopback(text.parse().unwrap()), "{text}");
    }
}

//! The judgement of answers.

use kadi_engine::commands::deliver::Verdict;
use kadi_outbound::http::{GuardRefusal, PostFault};
use kadi_outbound::retry::{first_words, judge, judge_fault};

#[test]
fn only_2xx_succeeds_and_only_410_parks() {
    for status in 0..=1000 {
        let expected = match status {
            200..=299 => Verdict::Accepted,
            410 => Verdict::Gone,
            _ => Verdict::Again,
        };
        assert_eq!(judge(status), expected, "{status}");
    }
    for (status, expected) in [(204, Verdict::Accepted), (302, Verdict::Again), (404, Verdict::Again)] {
        assert_eq!(judge(status), expected);
    }
}

#[test]
fn a_refused_address_parks_and_a_failed_call_is_tried_again() {
    let refused = PostFault::Refused(GuardRefusal::NotHttps);
    assert_eq!(judge_fault(&refused), Verdict::Gone);
    let text = String::new;
    let faults = [
        PostFault::Lookup(text()),
        PostFault::Connect(text()),
        PostFault::Tls(text()),
        PostFault::Timeout(1),
        PostFault::Broken(text()),
        // A name may have led inside by mistake.
        PostFault::Refused(GuardRefusal::Address(std::net::Ipv4Addr::LOCALHOST.into())),
    ];
    for fault in faults {
        assert_eq!(judge_fault(&fault), Verdict::Again, "{fault:?}");
    }
}

#[test]
fn the_beginning_of_an_answer_is_one_line_of_text() {
    assert_eq!(
        first_words(b"{\"code\":200,\"message\":\"success\"}"),
        "{\"code\":200,\"message\":\"success\"}"
    );
    assert_eq!(first_words(b""), "");
    assert_eq!(first_words(b"a\r\n\0b\xff"), "a   b\u{fffd}");
    let long = "\u{915}".repeat(600);
    assert_eq!(first_words(long.as_bytes()), "\u{915}".repeat(500));
}

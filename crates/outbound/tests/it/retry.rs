//! The judgement of answers.

use kadi_engine::commands::deliver::Verdict;
use kadi_outbound::http::{GuardRefusal, PostFault};
use kadi_outbound::retry::{judge, judge_fault};

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

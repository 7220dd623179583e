//! How times are written: in India's time, in words of the payer's language.

use kadi_web::{Lang, Notice, NoticePage};

/// What stands in the page of a link that expired at `at_ms`.
fn shown(at_ms: i64, lang: Lang) -> String {
    let view = NoticePage {
        here: "/p/x",
        merchant: None,
        test: false,
        invoice_of: None,
        notice: Notice::Expired { at_ms },
    };
    let page = kadi_web::notice(&view, lang).unwrap();
    let (_, from) = page.split_once("<time datetime=\"").unwrap();
    from.split_once("</time>").unwrap().0.replace("\">", " = ")
}

#[test]
fn times_are_indian_and_in_twelve_hours() {
    const MINUTE_MS: i64 = 60_000;
    let midnight_ms = 1_795_199_400_000;
    let cases = [
        (0, "2026-11-21T00:00:00+05:30 = 21 Nov 2026, 12:00 am IST", "21 नवंबर 2026, रात 12:00"),
        (3 * 60 + 59, "2026-11-21T03:59:00+05:30 = 21 Nov 2026, 3:59 am IST", "21 नवंबर 2026, रात 3:59"),
        (4 * 60, "2026-11-21T04:00:00+05:30 = 21 Nov 2026, 4:00 am IST", "21 नवंबर 2026, सुबह 4:00"),
        (12 * 60, "2026-11-21T12:00:00+05:30 = 21 Nov 2026, 12:00 pm IST", "21 नवंबर 2026, दोपहर 12:00"),
        (16 * 60 + 5, "2026-11-21T16:05:00+05:30 = 21 Nov 2026, 4:05 pm IST", "21 नवंबर 2026, शाम 4:05"),
        (20 * 60, "2026-11-21T20:00:00+05:30 = 21 Nov 2026, 8:00 pm IST", "21 नवंबर 2026, रात 8:00"),
        (24 * 60, "2026-11-22T00:00:00+05:30 = 22 Nov 2026, 12:00 am IST", "22 नवंबर 2026, रात 12:00"),
    ];
    for (minutes, english, hindi) in cases {
        let at_ms = midnight_ms + minutes * MINUTE_MS;
        assert_eq!(shown(at_ms, Lang::English), english);
        assert!(
            shown(at_ms, Lang::Hindi).ends_with(&format!(" = {hindi} बजे IST")),
            "{}",
            shown(at_ms, Lang::Hindi)
        );
    }
}

#[test]
fn every_month_has_its_name() {
    const MONTH_MS: i64 = 2_629_800_000;
    let january_ms = 1_768_500_000_000;
    let names = |lang| {
        let name = |n| shown(january_ms + n * MONTH_MS, lang).split(' ').nth(3).unwrap().to_owned();
        (0..12).map(name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(Lang::English), "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec");
    let hindi = "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर";
    assert_eq!(names(Lang::Hindi), hindi);
}

#[test]
fn a_time_beyond_the_calendar_is_an_error_and_not_a_wrong_date() {
    let notice = Notice::Expired { at_ms: i64::MAX };
    let view = NoticePage { here: "/p/x", merchant: None, test: false, invoice_of: None, notice };
    assert!(kadi_web::notice(&view, Lang::English).is_err());
}

//! Every state that a payer's page can be in, with plain data and with hostile data.

use kadi_engine::domain::fields::Rule;
use kadi_engine::domain::template::{Field, FieldType};
use kadi_web::{
    AmountEntry, AmountFault, Asked, CodeFault, Currency, FormField, FormView, Gate, Instalment, InvoiceView,
    Lang, Leaving, Line, Merchant, Mode, Money, Notice, NoticePage, Onward, Outcome, OutcomePage, PayPage,
    Post, Rail, Returning, Surcharge, Tax,
};

/// 21 November 2026, 23:59:59 in India.
pub(crate) const LAST_SECOND_MS: i64 = 1_795_285_799_000;
const CODE: &str = "Ab3dE5gH7jK9m";
const INR: Currency<'static> = Currency { code: "INR", exponent: 2 };
const JPY: Currency<'static> = Currency { code: "JPY", exponent: 0 };

/// A page in one language, and the name it goes by.
pub(crate) type Rendered = (String, askama::Result<String>);

/// The texts that a merchant or a payer may have written.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) merchant: &'a str,
    pub(crate) phone: &'a str,
    pub(crate) email: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) number: &'a str,
    pub(crate) item: &'a str,
    pub(crate) code: &'a str,
    pub(crate) units: &'a str,
    pub(crate) tax: &'a str,
    pub(crate) typed: &'a str,
    pub(crate) message: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) host: &'a str,
    pub(crate) url: &'a str,
}

pub(crate) const PLAIN: Words<'static> = Words {
    merchant: "Demo Traders",
    phone: "+91 98765 43210",
    email: "help@demo-traders.example",
    title: "Website redesign",
    description: "Second of three stages:\ndesign of all pages, in two languages.",
    number: "DT/2026-27/0042",
    item: "Design of pages",
    code: "DSGN-10",
    units: "10",
    tax: "CGST 9%",
    typed: "0.50",
    message: "Thank you for shopping with us!\nYour order leaves tomorrow.",
    reference: "4503599627371521",
    host: "shop.example",
    url: "https://shop.example/thanks?order=42&paid=1",
};

pub(crate) const DEVANAGARI: Words<'static> = Words {
    merchant: "श्री लक्ष्मीनारायण शैक्षणिक एवं सांस्कृतिक पुस्तकालय समिति, प्रयागराज",
    phone: "0532-2460000",
    email: "sampark@pustakalaya.example",
    title: "वार्षिक सदस्यता शुल्क और ग्रीष्मकालीन हिन्दी साहित्य कार्यशाला का पंजीकरण",
    description: "कार्यशाला १० जून से शुरू होगी। कृपया समय पर पहुँचें।\n\
                  अत्यंतलंबाशब्दजिसमेंकोईखालीजगहनहींहैऔरजिसेपंक्तिमें\
                  तोड़नापड़ेगाताकिपृष्ठनबिगड़े",
    number: "पु/२०२६/७",
    item: "आजीवन सदस्यता (परिवार के सभी सदस्यों के लिए)",
    code: "सदस्य-१",
    units: "1",
    tax: "केंद्रीय वस्तु एवं सेवा कर",
    typed: "सौ",
    message: "आपके सहयोग के लिए हृदय से धन्यवाद। रसीद आपके पते पर भेज दी जाएगी।",
    reference: "AXIS0000000000000000000000000000000000000000000000012345678901234567890",
    host: "pustakalaya-prayagraj-ki-bahut-lambi-website.example",
    url: "https://pustakalaya-prayagraj-ki-bahut-lambi-website.example/dhanyavaad",
};

/// Every field is `text`.
pub(crate) fn all(text: &str) -> Words<'_> {
    Words {
        merchant: text,
        phone: text,
        email: text,
        title: text,
        description: text,
        number: text,
        item: text,
        code: text,
        units: text,
        tax: text,
        typed: text,
        message: text,
        reference: text,
        host: text,
        url: text,
    }
}

/// Every page state in both languages, over `words`.
pub(crate) fn every_state(words: &Words<'_>) -> Vec<Rendered> {
    let mut pages = Vec::new();
    for lang in [Lang::English, Lang::Hindi] {
        let mut add = |name: &str, page| pages.push((format!("{name}.{}", lang.tag()), page));
        pay_states(words, lang, &mut add);
        payer_states(words, lang, &mut add);
        outcome_states(words, lang, &mut add);
        notice_states(words, lang, &mut add);
        leaving_states(words, lang, &mut add);
    }
    pages
}

/// A payment page with `count` lines of two taxes each.
pub(crate) fn long_invoice(words: &Words<'_>, count: usize, lang: Lang) -> askama::Result<String> {
    let taxes = taxes(words);
    let lines = vec![line(words, &taxes); count];
    let asked = Asked::Exact(rupees(1_180_000));
    kadi_web::pay(&PayPage { lines: &lines, asked, ..fixed(words) }, lang)
}

pub(crate) fn rupees(minor: i64) -> Money<'static> {
    Money { minor, currency: INR }
}

fn merchant<'a>(words: &Words<'a>) -> Merchant<'a> {
    Merchant { name: words.merchant, phone: Some(words.phone), email: Some(words.email) }
}

fn taxes<'a>(words: &Words<'a>) -> [Tax<'a>; 2] {
    [
        Tax { name: words.tax, amount: rupees(90_000) }, //
        Tax { name: "SGST 9%", amount: rupees(90_000) },
    ]
}

fn line<'a>(words: &Words<'a>, taxes: &'a [Tax<'a>]) -> Line<'a> {
    Line {
        name: words.item,
        code: Some(words.code),
        units: words.units,
        unit_price: rupees(100_000),
        net: rupees(1_000_000),
        taxes,
    }
}

fn fixed<'a>(words: &Words<'a>) -> PayPage<'a> {
    PayPage {
        here: "/p/Ab3dE5gH7jK9m",
        code: CODE,
        merchant: merchant(words),
        test: true,
        title: words.title,
        description: Some(words.description),
        invoice_number: None,
        invoice: None,
        invoice_details: None,
        comment: None,
        asked: Asked::Exact(rupees(12_345_600)),
        lines: &[],
        expires_at_ms: Some(LAST_SECOND_MS),
        attempt: "0123456789abcdef0123456789abcdef",
        gate: Gate::Open,
        form: None,
        rail: Rail::Sandbox,
        modes: &[],
        plan: &[],
        taxes_left: &[],
    }
}

fn request<'a>(words: &Words<'a>) -> PayPage<'a> {
    PayPage {
        invoice_details: Some(words.number),
        comment: Some(words.description),
        description: None,
        ..fixed(words)
    }
}

fn open<'a>(words: &Words<'a>, fault: Option<AmountFault<'static>>) -> PayPage<'a> {
    let entry = AmountEntry {
        currency: INR,
        min: Some(rupees(100)),
        max: Some(rupees(50_000_000)),
        typed: if fault.is_some() { words.typed } else { "" },
        fault,
    };
    PayPage { asked: Asked::Open(entry), ..fixed(words) }
}

/// The payment page with modes to choose from.
fn mode_states(words: &Words<'_>, lang: Lang, add: &mut impl FnMut(&str, askama::Result<String>)) {
    let free = Mode { word: "UPI", channels: vec![], only: vec![], surcharge: Surcharge::None };
    let exactly = Surcharge::Exactly(rupees(185_184), rupees(12_530_784));
    let card = Mode { word: "CC", channels: vec![], only: vec!["VISA", "RUPAY"], surcharge: exactly };
    let bank = Mode { word: "NB", channels: vec!["HDFC", "SBI"], ..free.clone() };
    let wallet = Mode { word: "PPI", channels: vec!["FOOD", "OWN"], ..free.clone() };
    let modes = [free.clone(), bank.clone(), wallet, card];
    add("pay-modes", kadi_web::pay(&PayPage { modes: &modes, ..fixed(words) }, lang));
    let free_of = [free.clone(), bank];
    add("pay-free-modes", kadi_web::pay(&PayPage { modes: &free_of, ..fixed(words) }, lang));
    let rate = |word, bps, flat| Mode { word, surcharge: Surcharge::Rate(bps, rupees(flat)), ..free.clone() };
    let modes = [free.clone(), rate("CC", 150, 500), rate("NB", 0, 1_000), rate("OWN", 225, 0)];
    add("pay-open-modes", kadi_web::pay(&PayPage { modes: &modes, ..open(words, None) }, lang));
}

fn pay_states(words: &Words<'_>, lang: Lang, add: &mut impl FnMut(&str, askama::Result<String>)) {
    let taxes = taxes(words);
    let lines = [
        line(words, &taxes),
        Line {
            name: "Hosting",
            code: None,
            units: "12",
            unit_price: rupees(50_000),
            net: rupees(600_000),
            taxes: &[],
        },
    ];
    let invoice = PayPage {
        invoice_number: Some(words.number),
        asked: Asked::Exact(rupees(1_780_000)),
        lines: &lines,
        ..fixed(words)
    };
    add("pay-request", kadi_web::pay(&request(words), lang));
    let fields = [(words.item, words.typed), (words.tax, words.description)];
    let drawn =
        InvoiceView { address: Some(words.description), gstin: Some(words.reference), fields: &fields };
    let drawn = PayPage { invoice_number: Some(words.number), invoice: Some(drawn), ..fixed(words) };
    add("pay-drawn-invoice", kadi_web::pay(&drawn, lang));
    let untaxed = lines.get(1..).unwrap_or_default();
    let parts = Asked::Parts {
        total: rupees(600_000),
        paid: rupees(250_000),
        left: rupees(350_000),
        entry: AmountEntry {
            currency: INR,
            min: Some(rupees(100)),
            max: None,
            typed: "3500.00",
            fault: None,
        },
    };
    let bare = AmountEntry { currency: JPY, min: None, max: None, typed: "", fault: None };
    let nobody = Merchant { phone: None, email: None, ..merchant(words) };
    add("pay-fixed", kadi_web::pay(&fixed(words), lang));
    mode_states(words, lang, add);
    add("pay-invoice", kadi_web::pay(&invoice, lang));
    add("pay-parts", kadi_web::pay(&PayPage { asked: parts, lines: untaxed, ..fixed(words) }, lang));
    let taxed = PayPage { asked: parts, lines: &lines, taxes_left: &taxes, ..fixed(words) };
    add("pay-parts-taxes", kadi_web::pay(&taxed, lang));
    let due = |number: i64| LAST_SECOND_MS + number * 2_592_000_000;
    let instalment =
        |number, left| Instalment { amount: rupees(200_000), due_at_ms: due(number), left: rupees(left) };
    let plan = [instalment(0, 0), instalment(1, 150_000), instalment(2, 200_000)];
    add("pay-plan", kadi_web::pay(&PayPage { asked: parts, plan: &plan, ..fixed(words) }, lang));
    add("pay-open", kadi_web::pay(&open(words, None), lang));
    add("pay-open-missing", kadi_web::pay(&open(words, Some(AmountFault::Missing)), lang));
    add("pay-open-malformed", kadi_web::pay(&open(words, Some(AmountFault::Malformed)), lang));
    add("pay-open-below", kadi_web::pay(&open(words, Some(AmountFault::Below(rupees(100)))), lang));
    add("pay-open-above", kadi_web::pay(&open(words, Some(AmountFault::Above(rupees(50_000_000)))), lang));
    let yen = PayPage {
        here: "/l/Gift/Ab3dE5gH7jK9m?from=mail",
        merchant: nobody,
        test: false,
        description: None,
        asked: Asked::Open(AmountEntry { fault: Some(AmountFault::Malformed), ..bare }),
        expires_at_ms: None,
        ..fixed(words)
    };
    add("pay-open-bare", kadi_web::pay(&yen, lang));
}

fn payer_states(words: &Words<'_>, lang: Lang, add: &mut impl FnMut(&str, askama::Result<String>)) {
    let gates = [
        ("pay-mobile", Gate::Mobile { is_malformed: false }),
        ("pay-mobile-malformed", Gate::Mobile { is_malformed: true }),
        ("pay-code", Gate::Code { fault: None }),
        ("pay-code-wrong", Gate::Code { fault: Some(CodeFault::Wrong) }),
        ("pay-code-over", Gate::Code { fault: Some(CodeFault::Over) }),
        ("pay-proven", Gate::Proven { mobile: words.number }),
    ];
    for (name, gate) in gates {
        add(name, kadi_web::pay(&PayPage { gate, ..fixed(words) }, lang));
    }
    let fields = form_fields(words);
    for (name, faults) in [("pay-form", [None; 4]), ("pay-form-wrong", FAULTS)] {
        let fields: Vec<FormField<'_>> = fields
            .iter()
            .zip(faults)
            .map(|(field, fault)| FormField { field, typed: words.typed, fault })
            .collect();
        let form = Some(FormView { name: words.title, fields: &fields });
        add(name, kadi_web::pay(&PayPage { form, ..fixed(words) }, lang));
    }
}

const FAULTS: [Option<Rule>; 4] = [Some(Rule::Missing), None, Some(Rule::Shorter(10)), Some(Rule::Choice)];

fn form_fields(words: &Words<'_>) -> [Field; 4] {
    let field = |name: &str, field_type, required| Field {
        name: name.to_owned(),
        label: words.item.to_owned(),
        field_type,
        required,
        min_length: None,
        max_length: Some(40),
        pattern: None,
        default: None,
    };
    let choices = vec![words.typed.to_owned(), "Evening".to_owned()];
    [
        field("name", FieldType::Text, true),
        field("born", FieldType::Date, false),
        field("phone", FieldType::Mobile, true),
        field("batch", FieldType::Choice(choices), false),
    ]
}

fn outcome_states(words: &Words<'_>, lang: Lang, add: &mut impl FnMut(&str, askama::Result<String>)) {
    let page = OutcomePage {
        here: "/p/Ab3dE5gH7jK9m?payment=4503599627371521",
        code: CODE,
        merchant: merchant(words),
        test: true,
        title: words.title,
        outcome: Outcome::Pending,
        amount: rupees(12_345_600),
        reference: words.reference,
        has_invoice: false,
        at_ms: LAST_SECOND_MS,
        onward: None,
        post: None,
    };
    let onward = Some(Onward { url: words.url, host: words.host });
    let message = Some(words.message);
    let mut with =
        |name, outcome, onward| add(name, kadi_web::outcome(&OutcomePage { outcome, onward, ..page }, lang));
    with("paid", Outcome::Paid { message: None }, None);
    with("paid-message", Outcome::Paid { message }, None);
    with("paid-onward", Outcome::Paid { message: None }, onward);
    with("failed", Outcome::Failed { retry: true }, None);
    with("failed-onward", Outcome::Failed { retry: true }, onward);
    with("failed-last", Outcome::Failed { retry: false }, None);
    with("pending", Outcome::Pending, None);
    with("held", Outcome::Held, None);
    with("reversed", Outcome::Reversed { retry: true }, None);
    with("reversed-last", Outcome::Reversed { retry: false }, None);
    let fields = [("STATUS", "TXN_SUCCESS".to_owned()), ("NOTE", words.description.to_owned())];
    let onward = Onward { url: words.url, host: words.host };
    let post = Some(Post { onward, fields: &fields });
    let paid = Outcome::Paid { message: None };
    let paid_invoice = OutcomePage { outcome: paid, has_invoice: true, ..page };
    add("paid-invoice", kadi_web::outcome(&paid_invoice, lang));
    add("paid-post", kadi_web::outcome(&OutcomePage { outcome: paid, post, ..page }, lang));
}

fn notice_states(words: &Words<'_>, lang: Lang, add: &mut impl FnMut(&str, askama::Result<String>)) {
    let here = "/p/Ab3dE5gH7jK9m";
    let mut with = |name, notice, merchant| {
        let invoice_of = (name == "completed-invoice").then_some(CODE);
        let page = NoticePage { here, merchant, test: true, invoice_of, notice };
        add(name, kadi_web::notice(&page, lang));
    };
    let known = Some(merchant(words));
    with("expired", Notice::Expired { at_ms: LAST_SECOND_MS }, known);
    with("cancelled", Notice::Cancelled, known);
    with("completed", Notice::Completed, known);
    with("completed-invoice", Notice::Completed, known);
    with("used-up", Notice::UsedUp, known);
    with("unknown", Notice::Unknown, None);
    with("no-payments", Notice::NoPayments, known);
    with("busy", Notice::Busy { retry: here }, known);
    with("refused", Notice::Refused, known);
    with("too-many", Notice::TooMany { retry: here }, None);
    with("trouble", Notice::Trouble { retry: here }, None);
}

fn leaving_states(words: &Words<'_>, lang: Lang, add: &mut impl FnMut(&str, askama::Result<String>)) {
    let (here, stay) = ("/p/Ab3dE5gH7jK9m/leave?payment=4503599627371521", "/p/Ab3dE5gH7jK9m");
    let onward = Onward { url: words.url, host: words.host };
    let merchant = merchant(words);
    for (suffix, paid) in [("paid", true), ("unpaid", false)] {
        let leaving = Leaving { here, merchant, test: true, paid, onward, stay };
        add(&format!("leaving-{suffix}"), kadi_web::leaving(&leaving, lang));
        let returning = Returning { here, merchant, test: true, paid, onward };
        add(&format!("returning-{suffix}"), kadi_web::returning(&returning, lang));
    }
}

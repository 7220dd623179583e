//! The token of a page's form: its text, and that it is kept with the payment.

use kadi_domain::attempt::{Attempt, AttemptToken, start};

use crate::world::{World, attempt, once};

#[test]
fn a_token_is_32_lower_case_hexadecimal_digits() {
    let text = "00fe0123456789abcdef0123456789ab";
    assert_eq!(AttemptToken::parse(text).map(|token| token.to_text()).as_deref(), Some(text));
    let longer = format!("{text}0");
    for other in [
        "",
        "0",
        "0fe0123456789abcdef0123456789ab",
        &longer,
        &text.to_uppercase(),
        &text.replace('1', "+"),
        &text.replace('1', "é"),
    ] {
        assert_eq!(AttemptToken::parse(other), None, "{other}");
    }
    let token = AttemptToken::new([0xab; 16]);
    assert!(!format!("{token:?}").contains("ab"), "no log has a token");
}

#[test]
fn a_payment_remembers_the_form_that_began_it() {
    let token = Some(AttemptToken::new([3; 16]));
    let (mut world, asked) = (World::new(once()), Attempt { token, ..attempt(None) });
    let (link, merchant) = (world.link.clone(), world.merchant.clone());
    let started = world.with_moment(|m| start(link, &merchant, &asked, m));
    assert_eq!(started.unwrap().1.token, token);
}

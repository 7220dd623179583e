//! Ratchets: what is older than a rule is listed with its number, which may only shrink.

/// A place and the number that it may not exceed.
pub(crate) type Ratchet = (&'static str, usize);

/// Compares the places that break a rule with the list of those that may, each with its very number.
pub(crate) fn compare(found: &[(String, usize)], listed: &[Ratchet]) -> Vec<String> {
    let mut to_do = Vec::new();
    for (place, number) in found {
        match listed.iter().find(|(known, _)| known == place) {
            None => to_do.push(format!("{place}: {number}")),
            Some((_, most)) if number > most => to_do.push(format!("{place}: {number}, and it had {most}")),
            Some((_, most)) if number < most => {
                to_do.push(format!("{place}: {number} now; write that into the list, where {most} stands"));
            }
            Some(_) => {}
        }
    }
    let is_gone = |place: &str| !found.iter().any(|(known, _)| known == place);
    let gone = listed.iter().filter(|(place, _)| is_gone(place));
    to_do.extend(gone.map(|(place, _)| format!("{place}: keeps the rule now; take it off the list")));
    to_do
}

#[test]
fn a_ratchet_turns_one_way_only() {
    let found = |number| vec![("a".to_owned(), number)];
    assert_eq!(compare(&found(5), &[("a", 5)]), Vec::<String>::new());
    assert_eq!(compare(&found(6), &[("a", 5)]), ["a: 6, and it had 5"]);
    assert_eq!(compare(&found(4), &[("a", 5)]), ["a: 4 now; write that into the list, where 5 stands"]);
    assert_eq!(compare(&[], &[("a", 5)]), ["a: keeps the rule now; take it off the list"]);
    assert_eq!(compare(&found(5), &[]), ["a: 5"]);
}

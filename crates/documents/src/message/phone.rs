//! Finds telephone numbers in free text, written with any digits and the usual gaps.

/// Where each script's zero stands; its other digits follow. ASCII, Arabic, Persian, the scripts of India,
/// full width.
const ZEROS: [u32; 13] =
    [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xff10];

/// The most characters between two groups of digits of one number, such as `) -`.
const GAP_CHARS_MAX: usize = 3;

/// The text with a space in place of each Indian telephone number: mobile numbers with or without 0, 91, +91;
/// numbers with an area code; toll-free numbers.
pub(super) fn without_phone_numbers(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let groups = digit_groups(&characters);
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut first) = (0, 0);
    while let Some(start) = groups.get(first) {
        first += match phone_at(&groups, first) {
            Some((count, end)) => {
                out.extend(characters.get(copied..start.start).unwrap_or_default());
                out.push(' ');
                copied = end;
                count
            }
            None => 1,
        };
    }
    out.extend(characters.get(copied..).unwrap_or_default());
    out
}

/// Digits in a row; positions count characters.
struct Group {
    start: usize,
    end: usize,
    digits: String,
    /// Only a gap lies between the group before and this one.
    continues: bool,
}

fn digit_groups(characters: &[char]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut gap: Option<usize> = None;
    for (at, &character) in characters.iter().enumerate() {
        let Some(digit) = digit(character) else {
            gap = gap.map(|length| length + 1).filter(|&length| length <= GAP_CHARS_MAX && is_gap(character));
            continue;
        };
        match groups.last_mut() {
            Some(last) if last.end == at => {
                last.digits.push(digit);
                last.end = at + 1;
            }
            Some(_) | None => groups.push(Group {
                start: at,
                end: at + 1,
                digits: digit.to_string(),
                continues: gap.is_some(),
            }),
        }
        gap = Some(0);
    }
    groups
}

/// How many groups from `first` on make a telephone number, and where it ends.
fn phone_at(groups: &[Group], first: usize) -> Option<(usize, usize)> {
    let mut digits = String::new();
    for (index, group) in groups.iter().skip(first).enumerate() {
        if index > 0 && !group.continues {
            return None;
        }
        digits.push_str(&group.digits);
        if is_phone(&digits) {
            return Some((index + 1, group.end));
        }
    }
    None
}

fn is_phone(digits: &str) -> bool {
    let is_mobile = |rest: &str| rest.len() == 10 && rest.starts_with(['6', '7', '8', '9']);
    let with_country =
        ["91", "091", "0091"].iter().any(|code| digits.strip_prefix(code).is_some_and(is_mobile));
    let with_area = digits.len() == 11 && digits.starts_with('0');
    let toll_free = ["1800", "1860", "1900"].iter().any(|start| digits.starts_with(start));
    is_mobile(digits) || with_country || with_area || (toll_free && matches!(digits.len(), 10 | 11))
}

fn digit(character: char) -> Option<char> {
    let code = u32::from(character);
    let value = ZEROS.iter().find_map(|zero| code.checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

fn is_gap(character: char) -> bool {
    matches!(character, ' ' | '-' | '.' | '(' | ')' | '/' | '+' | '_' | ',' | '\u{2010}'..='\u{2015}')
}

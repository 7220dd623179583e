//! The totals of a bill are what its lines add up to.

use crate::states::{PLAIN, long_invoice, rupees};
use kadi_web::{Asked, Gate, Lang, Line, Merchant, PayPage, Rail, Tax};

fn bill(lines: &[Line<'_>]) -> String {
    let view = PayPage {
        here: "/p/x",
        code: "x",
        merchant: Merchant { name: "Demo", phone: None, email: None },
        test: false,
        title: "Books",
        description: None,
        invoice_number: None,
        invoice: None,
        invoice_details: None,
        comment: None,
        asked: Asked::Exact(rupees(1)),
        lines,
        expires_at_ms: None,
        attempt: "0123456789abcdef0123456789abcdef",
        gate: Gate::Open,
        form: None,
        rail: Rail::Sandbox,
        modes: &[],
        plan: &[],
        taxes_left: &[],
    };
    kadi_web::pay(&view, Lang::English).unwrap()
}

/// The figures under the lines: what they are, and how much.
fn feet(page: &str) -> Vec<(String, String)> {
    let (_, foot) = page.split_once("<tfoot>").unwrap();
    let text = |cell: &str| cell.replace("<bdi>", "").replace("</bdi>", "");
    foot.split("<th scope=\"row\">")
        .skip(1)
        .map(|row| {
            let (label, rest) = row.split_once("</th><td>").unwrap();
            (text(label), rest.split_once("</td>").unwrap().0.to_owned())
        })
        .collect()
}

fn owned(feet: &[(&str, &str)]) -> Vec<(String, String)> {
    feet.iter().map(|(label, figure)| ((*label).to_owned(), (*figure).to_owned())).collect()
}

fn line<'a>(net: i64, taxes: &'a [Tax<'a>]) -> Line<'a> {
    Line { name: "Book", code: None, units: "1", unit_price: rupees(net), net: rupees(net), taxes }
}

#[test]
fn a_bill_without_tax_shows_its_total_alone() {
    assert_eq!(feet(&bill(&[line(100, &[]), line(250, &[])])), owned(&[("Total", "₹3.50")]));
}

#[test]
fn each_tax_is_summed_under_its_name() {
    let (cgst, sgst) = (Tax { name: "CGST", amount: rupees(9) }, Tax { name: "SGST", amount: rupees(7) });
    let shown = feet(&bill(&[line(100, &[cgst, sgst]), line(50, &[]), line(100, &[cgst])]));
    let expected = [("Before tax", "₹2.50"), ("CGST", "₹0.18"), ("SGST", "₹0.07"), ("Total", "₹2.75")];
    assert_eq!(shown, owned(&expected));
}

#[test]
fn sums_beyond_an_amount_are_still_right() {
    let shown = feet(&bill(&[line(i64::MAX, &[]), line(i64::MAX, &[])]));
    assert_eq!(shown, owned(&[("Total", "₹1,84,46,74,40,73,70,95,516.14")]));
}

#[test]
fn a_page_without_lines_has_no_bill() {
    assert!(!bill(&[]).contains("<table>"));
    assert!(long_invoice(&PLAIN, 1, Lang::English).unwrap().contains("<table>"));
}

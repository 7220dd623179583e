//! The English texts.

use super::{
    Around, Between, ContactTexts, FormTexts, LeavingTexts, Message, NoticeTexts, OutcomeTexts, PayTexts,
    PayerTexts, SandboxTexts, Texts,
};

pub(super) static TEXTS: Texts = Texts {
    language: "English",
    test_ribbon: "Test mode: no real money moves",
    safety: "Never share your UPI PIN or an OTP with anyone. You never need a PIN to receive money.",
    made_by: "Payment page by Kadi",
    pay: PAY,
    payer: PAYER,
    form: FORM,
    sandbox: SandboxTexts {
        heading: "Test payment",
        text: "No money moves here. Choose what the bank should answer.",
        pay_amount: Around("Pay ", ""),
        pay: "Pay",
        fail: "Let it fail",
        leave_pending: "Leave pending",
    },
    contact: ContactTexts {
        heading: Around("Questions? Contact ", ""), //
        phone: "Phone",
        email: "E-mail",
    },
    outcome: OUTCOME,
    leaving: LeavingTexts {
        heading: "You are leaving this page",
        paid: "Your payment was successful.",
        not_paid: "Your payment did not go through.",
        unlisted: Around("", " is sending you to this website, which is not registered here:"),
        beware: "Continue only if you recognise it. Do not pay again there, and do not enter a \
                 PIN or an OTP.",
        stay: "Stay here",
        returning: Around("Taking you back to ", "…"),
    },
    notice: NOTICE,
};

const PAY: PayTexts = PayTexts {
    heading: Around("Pay ", ""),
    amount_to_pay: "Amount to pay",
    open_amount: "You choose the amount",
    left_to_pay: "Left to pay",
    whole_sum: "Full amount",
    paid_so_far: "Paid so far",
    invoice_number: "Invoice no.",
    invoice: "Invoice",
    invoice_file: "Invoice as a PDF file",
    address: "Address",
    gstin: "GSTIN",
    comment: "Note",
    pay_by: "Pay by",
    bill: "Bill details",
    item: "Item",
    amount: "Amount",
    code: "Code",
    before_tax: "Before tax",
    total: "Total",
    tax_left: Around("", " in what is left"),
    amount_in: Around("Amount (", ")"),
    at_least: Around("At least ", ""),
    at_most: Around("At most ", ""),
    from_to: Between("From ", " to ", ""),
    fault: "Error: ",
    amount_missing: "Enter an amount.",
    amount_malformed: Around("Enter the amount in figures, for example ", "."),
    amount_below: Around("The amount must be at least ", "."),
    amount_above: Around("The amount must not be more than ", "."),
    plan: "Instalments",
    instalment_paid: "Paid",
    instalment_left: Around("", " left"),
    pay_with: "Pay with",
    modes: [
        ("UPI", "UPI"),
        ("CC", "Credit card"),
        ("DC", "Debit card"),
        ("NB", "Net banking"),
        ("PPI", "Wallet"),
    ],
    only: Around("Only ", ""),
    any_channel: "Any",
    channels: [
        ("VISA", "Visa"),
        ("MASTERCARD", "Mastercard"),
        ("AMEX", "American Express"),
        ("DINERS", "Diners Club"),
        ("RUPAY", "RuPay"),
        ("MAESTRO", "Maestro"),
        ("AXIS", "Axis Bank"),
        ("HDFC", "HDFC Bank"),
        ("ICICI", "ICICI Bank"),
        ("KOTAK", "Kotak Mahindra Bank"),
        ("PNB", "Punjab National Bank"),
        ("SBI", "State Bank of India"),
        ("YES", "Yes Bank"),
        ("COLLECT", "a request in your UPI app"),
        ("INTENT", "a UPI app on this phone"),
        ("FOOD", "Food"),
        ("GIFT", "Gift"),
        ("MULTI_PURPOSE_GIFT", "Multi-purpose gift"),
        ("TOLL", "Toll"),
        ("CLOSED_LOOP_WALLET", "Shop wallet"),
        ("CLOSED_LOOP_SUB_WALLET", "Shop sub-wallet"),
        ("FUEL", "Fuel"),
        ("INTERNATIONAL_FUNDS_TRANSFER", "International transfer"),
        ("CASHBACK", "Cashback"),
        ("GIFT_VOUCHER", "Gift voucher"),
        ("COMMUNICATION", "Communication"),
    ],
    surcharge_sum: Between("Surcharge ", ", in all ", ""),
    surcharge: Around("Surcharge ", " on top"),
};

const PAYER: PayerTexts = PayerTexts {
    heading: "Your mobile number",
    why: "This link can be paid only with the mobile number that it was made for. We send a code to it by SMS.",
    mobile: "Mobile number",
    mobile_malformed: "Enter a mobile number with 10 digits.",
    send: "Send the code",
    perhaps_sent: "If that is the number of this link, a code with 6 digits is on its way to it by SMS. It can \
                   be used for 10 minutes.",
    code: "Code from the SMS",
    code_wrong: "This is not the code. Look at the newest SMS and try again.",
    code_over: "This code can no longer be used. Ask for a new one.",
    go_on: "Continue",
    again: "Another number or a new code",
    proven: Around("Your mobile number: ", ""),
};

const FORM: FormTexts = FormTexts {
    optional: "(optional)",
    choose: "Choose…",
    missing: "Fill this in.",
    hidden: "Use letters, digits and ordinary signs only.",
    number: "Enter a number, for example 12 or 12.5.",
    date: "Enter a date as 2026-11-21.",
    choice: "Choose one of the answers.",
    email: "Enter an e-mail address, for example asha@example.com.",
    mobile: "Enter a mobile number with 10 digits.",
    amount: "Enter an amount in figures, for example 250.50.",
    shorter: Around("Enter at least ", " characters."),
    longer: Around("Enter at most ", " characters."),
    pattern: "This is not in the form that the merchant asks for.",
};

const OUTCOME: OutcomeTexts = OutcomeTexts {
    paid: "Payment successful",
    paid_text: Around("Thank you. ", " has received your payment."),
    keep: "Save or print this page for your records.",
    failed: Message { heading: "Payment failed", text: "The payment did not go through." },
    money_returns: "If money has left your account, your bank returns it by itself, usually within 5 days.",
    pending: Message {
        heading: "Waiting for the bank",
        text: "Your bank has not confirmed this payment yet. Please do not pay again.",
    },
    checks_itself: Around(
        "This page checks again every ",
        " seconds. You may also close it: your payment is not affected.",
    ),
    check_now: "Check now",
    held: Message {
        heading: "Money received, being checked",
        text: "Your money has arrived and is not lost, but it could not be matched automatically. \
               The merchant has been told and will accept it or send it back. Please do not pay again.",
    },
    reversed: Message {
        heading: "Payment reversed",
        text: "The bank has taken this payment back. The money returns to the account it came from.",
    },
    try_again: "Try again",
    no_retry: "This link cannot be used again. If you still want to pay, ask whoever sent it for a new one.",
    paid_to: "To",
    purpose: "For",
    reference: "Reference",
    time: "Date and time",
    go_on: Around("Continue to ", ""),
};

const NOTICE: NoticeTexts = NoticeTexts {
    expired: Message {
        heading: "This link has expired",
        text: "If you still want to pay, ask whoever sent it for a new one.",
    },
    expired_at: Around("It could be paid until ", "."),
    cancelled: Message {
        heading: "This link was cancelled",
        text: "It can no longer be paid. If you have questions, ask whoever sent it.",
    },
    completed: Message {
        heading: "This has already been paid",
        text: "There is nothing more for you to do.",
    },
    paid_elsewhere: Message {
        heading: "This has already been paid",
        text: "It was paid through another link. There is nothing more for you to do.",
    },
    used_up: Message {
        heading: "This link has been used",
        text: "The payment did not go through, and this link allows only one attempt. \
               If you still want to pay, ask whoever sent it for a new one.",
    },
    unknown: Message {
        heading: "This link was not found",
        text: "Check that the address is complete, or ask whoever sent it to send it again.",
    },
    no_payments: Message {
        heading: "No payments at the moment",
        text: "This merchant is not accepting payments.",
    },
    busy: Message {
        heading: "A payment is under way",
        text: "Someone has just started to pay this link, perhaps you in another window. \
               Please do not pay twice; look again in a few minutes.",
    },
    refused: Message {
        heading: "This payment was not accepted",
        text: "No money was taken. If you have questions, ask whoever sent the link.",
    },
    too_many: Message { heading: "Too many attempts", text: "Please wait a minute, then try again." },
    trouble: Message {
        heading: "A temporary problem",
        text: "This page cannot be shown right now. Your money is safe: a payment already made is not lost. \
               Please look here again before you pay once more.",
    },
    look_again: "Try again",
};

//! What there is to say; each language says all of it.

use super::{english, hindi};
use crate::lang::Lang;

/// A text with one gap, which the template fills (and escapes): what stands before it, what after it.
pub(crate) struct Around(pub(crate) &'static str, pub(crate) &'static str);

/// A text with two gaps.
pub(crate) struct Between(pub(crate) &'static str, pub(crate) &'static str, pub(crate) &'static str);

/// A heading and what stands under it.
pub(crate) struct Message {
    pub(crate) heading: &'static str,
    pub(crate) text: &'static str,
}

/// All texts of one language.
pub(crate) struct Texts {
    /// The language's name in itself.
    pub(crate) language: &'static str,
    pub(crate) test_ribbon: &'static str,
    pub(crate) safety: &'static str,
    pub(crate) made_by: &'static str,
    pub(crate) pay: PayTexts,
    pub(crate) payer: PayerTexts,
    pub(crate) form: FormTexts,
    pub(crate) sandbox: SandboxTexts,
    pub(crate) contact: ContactTexts,
    pub(crate) outcome: OutcomeTexts,
    pub(crate) leaving: LeavingTexts,
    pub(crate) notice: NoticeTexts,
}

/// The payment page.
pub(crate) struct PayTexts {
    /// Around the merchant's name.
    pub(crate) heading: Around,
    pub(crate) amount_to_pay: &'static str,
    pub(crate) open_amount: &'static str,
    pub(crate) left_to_pay: &'static str,
    pub(crate) whole_sum: &'static str,
    pub(crate) paid_so_far: &'static str,
    pub(crate) invoice_number: &'static str,
    pub(crate) invoice: &'static str,
    /// The link to the file.
    pub(crate) invoice_file: &'static str,
    pub(crate) address: &'static str,
    /// The name of a tax number in India.
    pub(crate) gstin: &'static str,
    /// Over what the merchant says to the payer.
    pub(crate) comment: &'static str,
    pub(crate) pay_by: &'static str,
    pub(crate) bill: &'static str,
    pub(crate) item: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) code: &'static str,
    pub(crate) before_tax: &'static str,
    pub(crate) total: &'static str,
    /// Around the name of a tax that is in what is left to pay.
    pub(crate) tax_left: Around,
    /// Around the currency's symbol.
    pub(crate) amount_in: Around,
    /// Around an amount, like all that follow.
    pub(crate) at_least: Around,
    pub(crate) at_most: Around,
    pub(crate) from_to: Between,
    /// In front of the page's title.
    pub(crate) fault: &'static str,
    pub(crate) amount_missing: &'static str,
    pub(crate) amount_malformed: Around,
    pub(crate) amount_below: Around,
    pub(crate) amount_above: Around,
    /// Over the instalments.
    pub(crate) plan: &'static str,
    pub(crate) instalment_paid: &'static str,
    /// Around what is left of an instalment.
    pub(crate) instalment_left: Around,
    /// Over the payment modes.
    pub(crate) pay_with: &'static str,
    /// The rail's words for payment modes, each with its name.
    pub(crate) modes: [(&'static str, &'static str); 5],
    /// Around the names of card schemes and the like.
    pub(crate) only: Around,
    /// For a payer who names no bank and no sub-wallet.
    pub(crate) any_channel: &'static str,
    /// The rail's words for channels that do not speak for themselves, each with its name.
    pub(crate) channels: [(&'static str, &'static str); 26],
    /// Around a surcharge, and around the sum that it leads to.
    pub(crate) surcharge_sum: Between,
    /// Around a surcharge in words.
    pub(crate) surcharge: Around,
}

/// Proving to hold the mobile number that alone may pay.
pub(crate) struct PayerTexts {
    pub(crate) heading: &'static str,
    pub(crate) why: &'static str,
    pub(crate) mobile: &'static str,
    pub(crate) mobile_malformed: &'static str,
    pub(crate) send: &'static str,
    /// Never tells whether the number was the right one.
    pub(crate) perhaps_sent: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_wrong: &'static str,
    pub(crate) code_over: &'static str,
    pub(crate) go_on: &'static str,
    pub(crate) again: &'static str,
    /// Around the number.
    pub(crate) proven: Around,
}

/// The merchant's form.
pub(crate) struct FormTexts {
    pub(crate) optional: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) missing: &'static str,
    pub(crate) hidden: &'static str,
    pub(crate) number: &'static str,
    pub(crate) date: &'static str,
    pub(crate) choice: &'static str,
    pub(crate) email: &'static str,
    pub(crate) mobile: &'static str,
    pub(crate) amount: &'static str,
    /// Around a number of characters.
    pub(crate) shorter: Around,
    pub(crate) longer: Around,
    pub(crate) pattern: &'static str,
}

/// The practice rail.
pub(crate) struct SandboxTexts {
    pub(crate) heading: &'static str,
    pub(crate) text: &'static str,
    /// Around the amount.
    pub(crate) pay_amount: Around,
    pub(crate) pay: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) leave_pending: &'static str,
}

/// How to reach the merchant.
pub(crate) struct ContactTexts {
    /// Around the merchant's name.
    pub(crate) heading: Around,
    pub(crate) phone: &'static str,
    pub(crate) email: &'static str,
}

/// The page after an attempt.
pub(crate) struct OutcomeTexts {
    pub(crate) paid: &'static str,
    /// Around the merchant's name.
    pub(crate) paid_text: Around,
    pub(crate) keep: &'static str,
    pub(crate) failed: Message,
    pub(crate) money_returns: &'static str,
    pub(crate) pending: Message,
    /// Around the seconds.
    pub(crate) checks_itself: Around,
    pub(crate) check_now: &'static str,
    pub(crate) held: Message,
    pub(crate) reversed: Message,
    pub(crate) try_again: &'static str,
    pub(crate) no_retry: &'static str,
    pub(crate) paid_to: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) time: &'static str,
    /// Around the host.
    pub(crate) go_on: Around,
}

/// The pages between Kadi and a merchant's site.
pub(crate) struct LeavingTexts {
    pub(crate) heading: &'static str,
    pub(crate) paid: &'static str,
    pub(crate) not_paid: &'static str,
    /// Around the merchant's name; the host follows.
    pub(crate) unlisted: Around,
    pub(crate) beware: &'static str,
    pub(crate) stay: &'static str,
    /// Around the host.
    pub(crate) returning: Around,
}

/// The plain pages.
pub(crate) struct NoticeTexts {
    /// Its text stands behind the time until which the link could be paid.
    pub(crate) expired: Message,
    /// Around the time.
    pub(crate) expired_at: Around,
    pub(crate) cancelled: Message,
    pub(crate) completed: Message,
    pub(crate) paid_elsewhere: Message,
    pub(crate) used_up: Message,
    pub(crate) unknown: Message,
    pub(crate) no_payments: Message,
    pub(crate) busy: Message,
    pub(crate) refused: Message,
    pub(crate) too_many: Message,
    pub(crate) trouble: Message,
    pub(crate) look_again: &'static str,
}

/// The texts of `lang`.
pub(crate) fn texts(lang: Lang) -> &'static Texts {
    match lang {
        Lang::English => &english::TEXTS,
        Lang::Hindi => &hindi::TEXTS,
    }
}

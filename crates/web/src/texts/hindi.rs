//! The Hindi texts.

use super::{
    Around, Between, ContactTexts, FormTexts, LeavingTexts, Message, NoticeTexts, OutcomeTexts, PayTexts,
    PayerTexts, SandboxTexts, Texts,
};

pub(super) static TEXTS: Texts = Texts {
    language: "हिन्दी",
    test_ribbon: "टेस्ट मोड: असली पैसे नहीं कटेंगे",
    safety: "अपना UPI PIN या OTP किसी को न बताएँ। पैसे पाने के लिए PIN की ज़रूरत कभी नहीं होती।",
    made_by: "भुगतान पेज: Kadi",
    pay: PAY,
    payer: PAYER,
    form: FORM,
    sandbox: SandboxTexts {
        heading: "टेस्ट भुगतान",
        text: "यहाँ असली पैसे नहीं कटेंगे। चुनें कि बैंक क्या जवाब दे।",
        pay_amount: Around("", " का भुगतान करें"),
        pay: "भुगतान करें",
        fail: "असफल होने दें",
        leave_pending: "लंबित रहने दें",
    },
    contact: ContactTexts {
        heading: Around("कोई सवाल है? ", " से संपर्क करें"), phone: "फ़ोन", email: "ई-मेल"
    },
    outcome: OUTCOME,
    leaving: LeavingTexts {
        heading: "आप इस पेज से बाहर जा रहे हैं",
        paid: "आपका भुगतान सफल रहा।",
        not_paid: "आपका भुगतान पूरा नहीं हुआ।",
        unlisted: Around("", " की ओर से आपको इस वेबसाइट पर भेजा जा रहा है, जो यहाँ दर्ज नहीं है:"),
        beware: "तभी आगे बढ़ें जब आप इस वेबसाइट को पहचानते हों। वहाँ दोबारा भुगतान न करें और PIN \
                 या OTP न डालें।",
        stay: "यहीं रहें",
        returning: Around("आपको ", " पर वापस ले जाया जा रहा है…"),
    },
    notice: NOTICE,
};

const PAY: PayTexts = PayTexts {
    heading: Around("", " को भुगतान करें"),
    amount_to_pay: "देय राशि",
    open_amount: "राशि आप तय करें",
    left_to_pay: "बाकी राशि",
    whole_sum: "पूरी राशि",
    paid_so_far: "अब तक चुकाई गई राशि",
    invoice_number: "इनवॉइस नंबर",
    invoice: "इनवॉइस",
    invoice_file: "इनवॉइस (PDF फ़ाइल)",
    address: "पता",
    gstin: "GSTIN",
    comment: "टिप्पणी",
    pay_by: "भुगतान की अंतिम तिथि",
    bill: "बिल का विवरण",
    item: "आइटम",
    amount: "राशि",
    code: "कोड",
    before_tax: "टैक्स से पहले",
    total: "कुल",
    tax_left: Around("बाकी रकम में ", ""),
    amount_in: Around("राशि (", ")"),
    at_least: Around("कम से कम ", ""),
    at_most: Around("ज़्यादा से ज़्यादा ", ""),
    from_to: Between("", " से ", " तक"),
    fault: "गलती: ",
    amount_missing: "राशि भरें।",
    amount_malformed: Around("राशि अंकों में लिखें, जैसे ", "।"),
    amount_below: Around("राशि कम से कम ", " होनी चाहिए।"),
    amount_above: Around("राशि ", " से ज़्यादा नहीं हो सकती।"),
    plan: "किस्तें",
    instalment_paid: "चुकाई गई",
    instalment_left: Around("", " बाकी"),
    pay_with: "भुगतान का तरीका",
    modes: [
        ("UPI", "UPI"), //
        ("CC", "क्रेडिट कार्ड"),
        ("DC", "डेबिट कार्ड"),
        ("NB", "नेट बैंकिंग"),
        ("PPI", "वॉलेट"),
    ],
    only: Around("केवल ", ""),
    any_channel: "कोई भी",
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
        ("COLLECT", "आपके UPI ऐप में अनुरोध"),
        ("INTENT", "इस फ़ोन का UPI ऐप"),
        ("FOOD", "खाना"),
        ("GIFT", "उपहार"),
        ("MULTI_PURPOSE_GIFT", "बहुउद्देशीय उपहार"),
        ("TOLL", "टोल"),
        ("CLOSED_LOOP_WALLET", "दुकान का वॉलेट"),
        ("CLOSED_LOOP_SUB_WALLET", "दुकान का उप-वॉलेट"),
        ("FUEL", "ईंधन"),
        ("INTERNATIONAL_FUNDS_TRANSFER", "विदेशी हस्तांतरण"),
        ("CASHBACK", "कैशबैक"),
        ("GIFT_VOUCHER", "उपहार वाउचर"),
        ("COMMUNICATION", "संचार"),
    ],
    surcharge_sum: Between("अतिरिक्त शुल्क ", ", कुल ", ""),
    surcharge: Around("ऊपर से अतिरिक्त शुल्क ", ""),
};

const PAYER: PayerTexts = PayerTexts {
    heading: "आपका मोबाइल नंबर",
    why: "इस लिंक का भुगतान केवल उसी मोबाइल नंबर से हो सकता है जिसके लिए यह बना है। उस पर SMS से एक कोड \
          भेजा जाएगा।",
    mobile: "मोबाइल नंबर",
    mobile_malformed: "10 अंकों का मोबाइल नंबर भरें।",
    send: "कोड भेजें",
    perhaps_sent: "अगर यह इस लिंक का नंबर है, तो उस पर SMS से 6 अंकों का कोड भेजा गया है। कोड 10 मिनट तक \
                   काम करेगा।",
    code: "SMS में आया कोड",
    code_wrong: "यह कोड सही नहीं है। सबसे नया SMS देखकर फिर से कोशिश करें।",
    code_over: "यह कोड अब काम नहीं करेगा। नया कोड मँगाएँ।",
    go_on: "आगे बढ़ें",
    again: "दूसरा नंबर या नया कोड",
    proven: Around("आपका मोबाइल नंबर: ", ""),
};

const FORM: FormTexts = FormTexts {
    optional: "(ज़रूरी नहीं)",
    choose: "चुनें…",
    missing: "इसे भरें।",
    hidden: "केवल अक्षर, अंक और सामान्य चिह्न लिखें।",
    number: "संख्या लिखें, जैसे 12 या 12.5।",
    date: "तारीख 2026-11-21 की तरह लिखें।",
    choice: "दिए गए जवाबों में से एक चुनें।",
    email: "ई-मेल पता लिखें, जैसे asha@example.com।",
    mobile: "10 अंकों का मोबाइल नंबर भरें।",
    amount: "राशि अंकों में लिखें, जैसे 250.50।",
    shorter: Around("कम से कम ", " अक्षर लिखें।"),
    longer: Around("ज़्यादा से ज़्यादा ", " अक्षर लिखें।"),
    pattern: "यह उस रूप में नहीं है जो व्यापारी ने माँगा है।",
};

const OUTCOME: OutcomeTexts = OutcomeTexts {
    paid: "भुगतान सफल रहा",
    paid_text: Around("धन्यवाद। आपका भुगतान ", " को मिल गया है।"),
    keep: "अपने रिकॉर्ड के लिए इस पेज को सेव या प्रिंट कर लें।",
    failed: Message {
        heading: "भुगतान नहीं हो सका", text: "यह भुगतान पूरा नहीं हुआ।"
    },
    money_returns: "अगर आपके खाते से पैसे कट गए हैं, तो बैंक उन्हें अपने आप लौटा देगा, आम तौर पर \
        5 दिन के भीतर।",
    pending: Message {
        heading: "बैंक के जवाब का इंतज़ार है",
        text: "आपके बैंक ने अभी इस भुगतान की पुष्टि नहीं की है। कृपया दोबारा भुगतान न करें।",
    },
    checks_itself: Around(
        "यह पेज हर ",
        " सेकंड में अपने आप दोबारा जाँच करता है। आप इसे बंद भी कर सकते हैं, इससे आपके भुगतान पर \
         कोई असर नहीं पड़ेगा।",
    ),
    check_now: "अभी जाँचें",
    held: Message {
        heading: "पैसे मिल गए हैं, जाँच चल रही है",
        text: "आपके पैसे पहुँच गए हैं और सुरक्षित हैं, लेकिन उनका मिलान अपने आप नहीं हो सका। \
               व्यापारी को सूचना दे दी गई है; वे इसे स्वीकार करेंगे या पैसे लौटा देंगे। कृपया \
               दोबारा भुगतान न करें।",
    },
    reversed: Message {
        heading: "भुगतान वापस हो गया",
        text: "बैंक ने यह भुगतान वापस ले लिया है। पैसे उसी खाते में लौटेंगे जिससे भेजे गए थे।",
    },
    try_again: "फिर से कोशिश करें",
    no_retry: "यह लिंक दोबारा इस्तेमाल नहीं हो सकता। अगर आप अब भी भुगतान करना चाहते हैं, \
               तो लिंक भेजने वाले से नया लिंक माँगें।",
    paid_to: "प्राप्तकर्ता",
    purpose: "विवरण",
    reference: "संदर्भ संख्या",
    time: "तारीख और समय",
    go_on: Around("", " पर जाएँ"),
};

const NOTICE: NoticeTexts = NoticeTexts {
    expired: Message {
        heading: "इस लिंक की समय-सीमा खत्म हो गई है",
        text: "अगर आप अब भी भुगतान करना चाहते हैं, तो लिंक भेजने वाले से नया लिंक माँगें।",
    },
    expired_at: Around("इससे भुगतान करने का समय ", " तक था।"),
    cancelled: Message {
        heading: "यह लिंक रद्द कर दिया गया है",
        text: "इससे अब भुगतान नहीं किया जा सकता। कोई सवाल हो तो लिंक भेजने वाले से पूछें।",
    },
    completed: Message {
        heading: "इसका भुगतान हो चुका है", text: "आपको और कुछ करने की ज़रूरत नहीं है।"
    },
    paid_elsewhere: Message {
        heading: "इसका भुगतान हो चुका है",
        text: "इसका भुगतान दूसरे लिंक से हुआ है। आपको और कुछ करने की ज़रूरत नहीं है।",
    },
    used_up: Message {
        heading: "यह लिंक इस्तेमाल हो चुका है",
        text: "भुगतान पूरा नहीं हुआ था, और इस लिंक से केवल एक बार कोशिश की जा सकती है। \
               अगर आप अब भी भुगतान करना चाहते हैं, तो लिंक भेजने वाले से नया लिंक माँगें।",
    },
    unknown: Message {
        heading: "यह लिंक नहीं मिला",
        text: "देख लें कि लिंक का पता पूरा है या नहीं, या लिंक भेजने वाले से उसे दोबारा भेजने को कहें।",
    },
    no_payments: Message {
        heading: "अभी भुगतान नहीं लिए जा रहे हैं",
        text: "यह व्यापारी फ़िलहाल भुगतान स्वीकार नहीं कर रहा है।",
    },
    busy: Message {
        heading: "एक भुगतान अभी चल रहा है",
        text: "किसी ने अभी-अभी इस लिंक से भुगतान शुरू किया है, शायद आपने ही किसी दूसरी विंडो में। \
               कृपया दो बार भुगतान न करें; कुछ मिनट बाद फिर देखें।",
    },
    refused: Message {
        heading: "यह भुगतान स्वीकार नहीं हुआ",
        text: "आपके पैसे नहीं कटे हैं। कोई सवाल हो तो लिंक भेजने वाले से पूछें।",
    },
    too_many: Message {
        heading: "बहुत बार कोशिश हो चुकी है", text: "कृपया एक मिनट रुकें, फिर दोबारा कोशिश करें।"
    },
    trouble: Message {
        heading: "अभी कुछ दिक्कत है",
        text: "यह पेज इस समय नहीं दिखाया जा सकता। आपके पैसे सुरक्षित हैं: जो भुगतान हो चुका है, \
               वह कहीं नहीं जाएगा। \
               दोबारा भुगतान करने से पहले कृपया यहाँ फिर देख लें।",
    },
    look_again: "फिर से कोशिश करें",
};

/** Every sentence of the page, in both languages. Texts from the phones and the wire stay as they are. */

import { TELEGRAM } from "./telegram-words.js";

const one = (count, single, many) => (count === 1 ? single : many);

/** Arabic has six plural forms; these sentences put the number last, so that one form serves. */
const WORDS = {
  en: {
    platform: { whatsapp: "WhatsApp", telegram: "Telegram" },
    title: (platforms) => ({ none: "simulated phones", both: "phones on a simulated WhatsApp and a simulated Telegram" })[platforms] ?? `phones on a simulated ${WORDS.en.platform[platforms]}`,
    intro: (platforms) => `You hold these phones. ${WORDS.en.way[platforms]} The wire shows both. Nothing leaves this machine.`,
    way: {
      none: "",
      whatsapp: "What you type reaches the daemon as a signed webhook; its answer comes back through the Graph API.",
      telegram: "What you type reaches the daemon as an update; its answer comes back through the Bot API.",
      both: "What you type reaches the daemon as WhatsApp's webhook or Telegram's update; its answer comes back through their APIs.",
    },
    other_language: "العربية",
    theme_auto: "Colours: system",
    theme_light: "Colours: light",
    theme_dark: "Colours: dark",
    live: "Live",
    reconnecting: "Reconnecting …",
    no_simulator: "The simulator does not answer. Is it still running?",
    show: "Show",
    wire: "Wire",
    unread: (count) => `${count} unread`,
    new_below: (count) => `${count} new ↓`,
    phone: (name) => `Phone: ${name}`,
    messages_of: (name) => `Messages on the phone ${name}`,
    write_on: (name) => `Write as ${name}`,
    type_here: "Type a message",
    send: "Send",
    off: "This phone is off",
    is_on: "On",
    is_off: "Off",
    power_of: (name) => `Power of the phone ${name}`,
    waits: (count) => `${count} waiting for this phone`,
    window_never: "Window closed: nobody wrote from here yet",
    window_closed: "Window closed: only templates arrive",
    window_open: (left) => `Window open, ${left} left`,
    hours: (hours, minutes) => `${hours} h ${minutes} min`,
    minutes: (minutes) => `${minutes} min`,
    try_first: "Try one of these:",
    typing: "is typing …",
    in: "from the business",
    out: "from this phone",
    sent: "sent",
    delivered: "delivered",
    read: "read",
    failed: "not delivered",
    not_delivered: "Never shown on this phone:",
    refused: "Refused by the platform:",
    held: "Held by the daemon, not sent:",
    field: "Field:",
    kind: {
      image: "Photo",
      photo: "Photo",
      animation: "Animation",
      venue: "Place",
      contact: "Contact",
      poll: "Poll",
      video: "Video",
      audio: "Audio",
      voice: "Voice message",
      document: "Document",
      sticker: "Sticker",
      location: "Location",
      contacts: "Contact",
      reaction: "Reaction",
      interactive: "Interactive message",
      template: "Template",
    },
    app: {
      hint: "Opens something on a real phone; here it does nothing.",
      location_request_message: "Send location",
      address_message: "Provide address",
      catalog_message: "View catalogue",
      product: "View product",
      product_list: "View items",
      order_details: "Review and pay",
      order_status: "View order",
    },
    quoted: "In answer to:",
    reaction: "Reaction",
    close: "Close",
    wire_empty: (text) => `No message has travelled yet. Type “${text}” on a phone.`,
    webhooks_to: "Webhooks go to",
    webhooks_nowhere: "nobody yet: no address is known",
    pending: (count) => `${count} not acknowledged yet`,
    receipts_held: (count) => `${count} ${one(count, "receipt", "receipts")} kept back`,
    request: "The daemon asked",
    webhook: "The platform told",
    verification: "The platform checked the address",
    body: "Sent",
    answer: "Answered",
    nothing: "no answer",
    attempt: (number) => `attempt ${number}`,
    refused_field: "This field was refused",
    faults: "Faults",
    faults_hint: "Make the platform misbehave. Each is on until you press it again.",
    code_on: { error: (code) => `Sends are refused with code ${code}`, fail_later: (code) => `Sends are accepted, then reported as failed with code ${code}` },
    code: "Code",
    refuse_sends: "Refuse sends",
    fail_later: "Fail later",
    code_hint: "e.g. 131047: outside the 24 h window",
    clock: "Clock",
    clock_fixed: "This clock can't be moved.",
    minute: "+1 min",
    hour: "+1 h",
    day: "+25 h",
    fault: {
      429: ["429", "Too many requests: code 130429"],
      500: ["500", "Something went wrong: code 131000"],
      502: ["502", "A proxy answers with an HTML page"],
      expired_token: ["Token expired", "Every request is refused: code 190"],
      slow_seconds: ["Slow", "Shown at once, answered 5 s later"],
      timeout_after_accept: ["No answer", "Shown, but the answer never comes"],
      cut_after_accept: ["Cut", "Shown, then the connection is cut"],
      drop_ack: ["200 lost", "The daemon's 200 is lost: the webhook is repeated"],
      duplicate: ["Twice", "Every webhook is posted twice"],
      batch: ["Batch", "Three updates in one webhook"],
      reorder: ["Shuffled", "Webhooks come in another order"],
      withhold_receipts: ["No receipts", "Sent, delivered and read are never told"],
      hold_receipts: ["Late receipts", "Receipts wait until this is off"],
    },
  },
  ar: {
    platform: { whatsapp: "واتساب", telegram: "تيليجرام" },
    title: (platforms) => ({ none: "هواتف محاكاة", both: "هواتف على واتساب محاكى وتيليجرام محاكى" })[platforms] ?? `هواتف على ${WORDS.ar.platform[platforms]} محاكى`,
    intro: (platforms) => `هذه الهواتف بين يديك. ${WORDS.ar.way[platforms]} السلك يعرض الاثنين. لا شيء يغادر هذا الجهاز.`,
    way: {
      none: "",
      whatsapp: "ما تكتبه يصل إلى الخدمة في webhook موقّع، وما تجيب به يعود عبر Graph API.",
      telegram: "ما تكتبه يصل إلى الخدمة تحديثًا، وما تجيب به يعود عبر Bot API.",
      both: "ما تكتبه يصل إلى الخدمة في webhook من واتساب أو تحديثًا من تيليجرام، وما تجيب به يعود عبر واجهتيهما.",
    },
    other_language: "English",
    theme_auto: "الألوان: النظام",
    theme_light: "الألوان: فاتحة",
    theme_dark: "الألوان: داكنة",
    live: "مباشر",
    reconnecting: "إعادة الاتصال …",
    no_simulator: "المحاكي لا يجيب. هل ما زال يعمل؟",
    show: "اعرض",
    wire: "السلك",
    unread: (count) => `غير مقروءة: ${count}`,
    new_below: (count) => `جديد: ${count} ↓`,
    phone: (name) => `هاتف: ${name}`,
    messages_of: (name) => `الرسائل على هاتف ${name}`,
    write_on: (name) => `اكتب باسم ${name}`,
    type_here: "اكتب رسالة",
    send: "أرسل",
    off: "هذا الهاتف مطفأ",
    is_on: "يعمل",
    is_off: "مطفأ",
    power_of: (name) => `تشغيل هاتف ${name}`,
    waits: (count) => `بانتظار هذا الهاتف: ${count}`,
    window_never: "النافذة مغلقة: لم يكتب أحد من هنا بعد",
    window_closed: "النافذة مغلقة: تصل القوالب فقط",
    window_open: (left) => `النافذة مفتوحة، بقي ${left}`,
    hours: (hours, minutes) => `${hours} س ${minutes} د`,
    minutes: (minutes) => `${minutes} د`,
    try_first: "جرّب واحدة من هذه:",
    typing: "يكتب الآن …",
    in: "من النشاط التجاري",
    out: "من هذا الهاتف",
    sent: "أُرسلت",
    delivered: "وصلت",
    read: "قُرئت",
    failed: "لم تصل",
    not_delivered: "لم تظهر على هذا الهاتف:",
    refused: "رفضتها المنصة:",
    held: "حجزتها الخدمة ولم تُرسل:",
    field: "الحقل:",
    kind: {
      image: "صورة",
      photo: "صورة",
      animation: "صورة متحركة",
      venue: "مكان",
      contact: "جهة اتصال",
      poll: "استطلاع",
      video: "فيديو",
      audio: "ملف صوتي",
      voice: "رسالة صوتية",
      document: "مستند",
      sticker: "ملصق",
      location: "موقع",
      contacts: "جهة اتصال",
      reaction: "تفاعل",
      interactive: "رسالة تفاعلية",
      template: "قالب",
    },
    app: {
      hint: "يفتح شيئًا على هاتف حقيقي؛ هنا لا يفعل شيئًا.",
      location_request_message: "أرسل الموقع",
      address_message: "أدخل العنوان",
      catalog_message: "عرض الكتالوج",
      product: "عرض المنتج",
      product_list: "عرض العناصر",
      order_details: "راجع وادفع",
      order_status: "عرض الطلب",
    },
    quoted: "ردًا على:",
    reaction: "تفاعل",
    close: "أغلق",
    wire_empty: (text) => `لم تمر رسالة بعد. اكتب «${text}» على هاتف.`,
    webhooks_to: "تذهب إشعارات webhook إلى",
    webhooks_nowhere: "لا أحد بعد: لا عنوان معروف",
    pending: (count) => `بلا تأكيد بعد: ${count}`,
    receipts_held: (count) => `إيصالات محجوزة: ${count}`,
    request: "طلبت الخدمة",
    webhook: "أبلغت المنصة",
    verification: "تحققت المنصة من العنوان",
    body: "المرسل",
    answer: "الجواب",
    nothing: "بلا جواب",
    attempt: (number) => `المحاولة ${number}`,
    refused_field: "رُفض هذا الحقل",
    faults: "الأعطال",
    faults_hint: "اجعل المنصة تخطئ. يبقى كل عطل حتى تضغطه ثانية.",
    code_on: { error: (code) => `يُرفض الإرسال بالرمز ${code}`, fail_later: (code) => `يُقبل الإرسال ثم يُبلَّغ بفشله بالرمز ${code}` },
    code: "الرمز",
    refuse_sends: "ارفض الإرسال",
    fail_later: "إخفاق لاحق",
    code_hint: "مثلًا 131047: خارج نافذة 24 ساعة",
    clock: "الساعة",
    clock_fixed: "لا يمكن تحريك هذه الساعة.",
    minute: "+1 دقيقة",
    hour: "+1 ساعة",
    day: "+25 ساعة",
    fault: {
      429: ["429", "طلبات كثيرة: الرمز 130429"],
      500: ["500", "حدث خطأ: الرمز 131000"],
      502: ["502", "وسيط يجيب بصفحة HTML"],
      expired_token: ["رمز منتهٍ", "يُرفض كل طلب: الرمز 190"],
      slow_seconds: ["بطيء", "تظهر فورًا، ويأتي الجواب بعد 5 ث"],
      timeout_after_accept: ["بلا جواب", "تظهر، لكن الجواب لا يأتي"],
      cut_after_accept: ["قطع", "تظهر، ثم ينقطع الاتصال"],
      drop_ack: ["ضياع 200", "يضيع جواب الخدمة فيُعاد الإشعار"],
      duplicate: ["مرتان", "يُرسل كل إشعار مرتين"],
      batch: ["دفعة", "ثلاثة تحديثات في إشعار واحد"],
      reorder: ["بلا ترتيب", "تأتي الإشعارات بترتيب آخر"],
      withhold_receipts: ["بلا إيصالات", "لا يُبلَّغ بالإرسال والوصول والقراءة"],
      hold_receipts: ["إيصالات متأخرة", "تنتظر الإيصالات حتى تُطفئ هذا"],
    },
  },
};

for (const [language, words] of Object.entries(TELEGRAM)) Object.assign(WORDS[language], words);

let language = "en";

export function setLanguage(chosen) {
  language = chosen;
}

export function currentLanguage() {
  return language;
}

/** The sentence of that name in the language of the page. */
export function say(name, ...values) {
  const found = WORDS[language][name];
  return typeof found === "function" ? found(...values) : found;
}

/** What a kind of message is called; undefined for one that is not known. */
export function kindWords(type) {
  return own(WORDS[language].kind, type);
}

/** What stands on a button that only a real phone can follow, and `hint`. */
export function appWords(type) {
  return own(WORDS[language].app, type);
}

/** A type comes from outside: "constructor" names nothing. */
function own(words, name) {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

/** What a switch with a code does while it is on. */
export function codeWords(name, code) {
  return WORDS[language].code_on[name](code);
}

/** The names and meanings of the faults of a platform that are switches. */
export function faultWords(platform) {
  return { whatsapp: WORDS[language].fault, telegram: WORDS[language].telegram_fault }[platform] ?? {};
}

const clockForm = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" };

/** Local time of day, e.g. 12:04. */
export function timeOfDay(instant, { seconds = false } = {}) {
  return new Intl.DateTimeFormat(language, seconds ? { ...clockForm, second: "2-digit" } : clockForm).format(instant);
}

/** The whole date with its zone, for those who hover. */
export function wholeTime(instant) {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long", numberingSystem: "latn" }).format(instant);
}

"""What the runbook agent can be asked, as data: words and phrases in each language."""

from collections.abc import Mapping
from dataclasses import dataclass

from aof.domain.response import Action
from aof.texts.language import Language
from aof.texts.machine_talk import topic


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that can be asked."""

    name: str
    """Also its command: `disk` is asked by `/disk`."""
    words: Mapping[Language, tuple[str, ...]]
    """Single words that mean this intent and no other: alone they ask it, in a sentence they count extra."""
    phrases: Mapping[Language, tuple[str, ...]]
    """Of two words or more: a short word lies inside too many others ("load" in "download")."""

    def action(self, language: Language) -> Action:
        """The choice that asks it."""
        return Action(id=f"ask:{self.name}", title=topic(language, self.name))


_EN, _AR = Language.ENGLISH, Language.ARABIC

INTENTS: tuple[Intent, ...] = (
    Intent(
        "disk",
        {
            _EN: ("disk", "disks", "df", "storage", "filesystem", "filesystems", "inodes"),
            _AR: ("القرص", "قرص", "الاقراص", "التخزين", "الديسك", "ديسك", "الهارد", "هارد"),
        },
        {
            _EN: (
                "disk space",
                "disk usage",
                "how full is the disk",
                "is the disk full",
                "free space left",
                "how much space is left",
                "out of space",
                "no space left on device",
                "show disk usage",
                "hard drive space",
                "check the disk",
                "is there any space left",
            ),
            _AR: (
                "مساحة القرص",
                "كم المساحة المتبقية",
                "كم بقي مساحة",
                "المساحة الحرة",
                "هل القرص ممتلئ",
                "كم بقي من المساحة",
                "استخدام القرص",
                "وضع القرص",
                "حالة التخزين",
            ),
        },
    ),
    Intent(
        "memory",
        {
            _EN: ("memory", "ram", "swap", "mem", "oom"),
            _AR: ("الذاكرة", "ذاكرة", "الرام", "رام", "السواب"),
        },
        {
            _EN: (
                "memory usage",
                "free memory",
                "how much memory is left",
                "what is eating memory",
                "out of memory",
                "is there enough ram",
                "show memory usage",
                "check the memory",
                "swap usage",
            ),
            _AR: (
                "استخدام الذاكرة",
                "كم الذاكرة المتاحة",
                "الذاكرة الحرة",
                "هل الذاكرة كافية",
                "ما الذي يستهلك الذاكرة",
                "حالة الذاكرة",
            ),
        },
    ),
    Intent(
        "load",
        {
            _EN: ("load", "loadavg", "overloaded"),
            _AR: ("الحمل", "حمل", "الضغط", "ضغط"),
        },
        {
            _EN: (
                "load average",
                "system load",
                "cpu load",
                "cpu usage",
                "how busy is the machine",
                "how busy is the server",
                "is the server overloaded",
                "is the server slow",
                "check the load",
            ),
            _AR: (
                "حمل النظام",
                "متوسط الحمل",
                "حمل المعالج",
                "استخدام المعالج",
                "هل الخادم بطيء",
                "هل السيرفر بطيء",
                "هل السيرفر مضغوط",
                "ضغط السيرفر",
            ),
        },
    ),
    Intent(
        "uptime",
        {
            _EN: ("uptime", "booted", "rebooted"),
            _AR: ("الاقلاع", "اقلاع"),
        },
        {
            _EN: (
                "how long has it been up",
                "how long is the machine running",
                "how long has the server been running",
                "when was the last reboot",
                "since when is it up",
                "last boot time",
                "show the uptime",
            ),
            _AR: (
                "منذ متى يعمل الخادم",
                "منذ متى يعمل السيرفر",
                "مدة التشغيل",
                "متى اعيد تشغيل الخادم",
                "متى كان اخر اقلاع",
                "كم مدة عمل الجهاز",
            ),
        },
    ),
    Intent(
        "top",
        {
            _EN: ("top", "htop", "processes", "ps"),
            _AR: ("العمليات", "عمليات", "البرامج"),
        },
        {
            _EN: (
                "top processes",
                "what is eating the cpu",
                "what is using the cpu",
                "which process uses the most cpu",
                "busiest processes",
                "running processes",
                "list processes",
                "what is running",
                "cpu hogs",
                "what is hogging the cpu",
                "which process is using the cpu",
            ),
            _AR: (
                "اعلى العمليات",
                "العمليات الجارية",
                "ما الذي يستهلك المعالج",
                "اكثر العمليات استهلاكا",
                "البرامج التي تعمل",
                "ماذا يعمل الان",
            ),
        },
    ),
    Intent(
        "pods",
        {
            _EN: ("pods", "pod", "kubectl", "crashloop", "crashloopbackoff", "imagepullbackoff", "k8s", "kubernetes"),
            _AR: ("البودات", "بودات", "البود", "كوبرنيتس", "كوبرنيتيس"),
        },
        {
            _EN: (
                "pods crashing",
                "crashing pods",
                "are any pods crashing",
                "which pods are failing",
                "pods not running",
                "pods restarting",
                "pod status",
                "show pods",
                "list pods",
                "get pods",
                "kubernetes pods",
                "check the cluster",
                "containers crashing",
            ),
            _AR: (
                "البودات المتعطلة",
                "هل توجد بودات متعطلة",
                "حالة البودات",
                "ما البودات التي تتعطل",
                "الحاويات المتعطلة",
                "اعرض البودات",
                "حالة العنقود",
                "حالة الكلستر",
            ),
        },
    ),
)

BY_NAME: Mapping[str, Intent] = {intent.name: intent for intent in INTENTS}

GREETINGS = frozenset(
    (
        "hi",
        "hello",
        "hey",
        "hiya",
        "hi there",
        "hello there",
        "hey there",
        "yo",
        "whats up",
        "what s up",
        "what is up",
        "howdy",
        "greetings",
        "good morning",
        "good afternoon",
        "good evening",
        "salam",
        "salaam",
        "marhaba",
        "مرحبا",
        "مرحبا بك",
        "اهلا",
        "اهلا وسهلا",
        "هلا",
        "هاي",
        "سلام",
        "السلام عليكم",
        "سلام عليكم",
        "السلام عليكم ورحمه الله",
        "السلام عليكم ورحمه الله وبركاته",
        "صباح الخير",
        "مساء الخير",
    )
)


def listed_words(listed: str) -> frozenset[str]:
    """The words of a text, for lists too long to quote each."""
    return frozenset(listed.split())


FILLERS = listed_words("""
    please pls plz kindly can could would will you u i we want need to let lets s us me just now go ahead and then
    hey hi hello ok okay bot aof
    من فضلك لو سمحت رجاء ارجو ممكن هل يمكنك تستطيع اريد ان يا و ثم الان
""")
"""Before the verb of a request: "can you please …", "I want you to …"."""

CHANGING = listed_words("""
    restart reboot delete remove kill stop start scale drop wipe clean clear purge prune rm shutdown drain cordon evict
    rollback deploy redeploy apply patch edit update upgrade install uninstall create exec run terminate destroy disable
    enable format truncate empty erase resize rotate bounce fix sudo
    احذف امسح اوقف اقتل شغل ازل نظف فرغ انشئ عدل حدث ثبت دمر اغلق
""")
"""What no question begins with. A request that begins so is never taken for a question, whatever else it names."""

CHANGING_PAIRS = frozenset({"اعد تشغيل", "اعاده تشغيل", "قم بحذف", "قم باعاده", "قم بايقاف", "قم بمسح"})
"""In Arabic some of them are two words."""

COMMON = listed_words("""
    a an the is are was it on of in at to for by my our your this that there has have been what whats which how much
    many when since does do did any all some show check list get give tell see look at me us please now current
    currently status state left still about with and or i you we can could would server machine host box system
    ما ماذا هل كم من في على عن هذا هذه الذي التي الان حاله وضع اعرض اظهر لي توجد يوجد الخادم السيرفر الجهاز متي منذ
""")
"""Words that say nothing about what is asked."""

NEXT_STEPS: Mapping[str, tuple[str, ...]] = {
    "disk": ("top", "memory", "load"),
    "memory": ("top", "load", "disk"),
    "load": ("top", "memory", "disk"),
    "uptime": ("load", "memory", "disk"),
    "top": ("load", "memory", "disk"),
}
"""What is worth asking after each; shown as three buttons, the fewest that any platform takes."""

"""What can be asked about what connects a machine with others: words and phrases in each language."""

from aof.agents.runbook.intent import Intent
from aof.texts.language import Language

_EN, _AR = Language.ENGLISH, Language.ARABIC

NETWORK = Intent(
    "network",
    {
        _EN: (
            "network",
            "networks",
            "networking",
            "interface",
            "interfaces",
            "nic",
            "nics",
            "ifconfig",
            "ethernet",
            "bandwidth",
            "traffic",
            "ip",
        ),
        _AR: (
            "الشبكة",
            "شبكة",
            "الشبكات",
            "الترافيك",
            "الايثرنت",
        ),
    },
    {
        _EN: (
            "network status",
            "network traffic",
            "network interfaces",
            "show the network",
            "check the network",
            "is the network up",
            "is the network down",
            "network errors",
            "dropped packets",
            "packet loss",
            "ip address",
            "what is the ip address",
            "bytes in and out",
            "network usage",
            "bandwidth usage",
            "how much bandwidth is used",
            "how much traffic is there",
        ),
        _AR: (
            "حالة الشبكة",
            "واجهات الشبكة",
            "استخدام الشبكة",
            "هل الشبكة تعمل",
            "عنوان الشبكة",
            "عناوين الشبكة",
            "حركة البيانات",
            "اخطاء الشبكة",
            "ما عنوان الجهاز",
        ),
    },
)

PORTS = Intent(
    "ports",
    {
        _EN: (
            "ports",
            "port",
            "listening",
            "listeners",
            "sockets",
            "netstat",
        ),
        _AR: (
            "المنافذ",
            "منافذ",
            "المنفذ",
            "منفذ",
            "البورتات",
            "بورتات",
            "البورت",
        ),
    },
    {
        _EN: (
            "listening ports",
            "open ports",
            "which ports are open",
            "what is listening",
            "which ports are listening",
            "list open ports",
            "show ports",
            "ports in use",
            "what is using port",
            "who is listening on port",
            "is port open",
            "network ports",
        ),
        _AR: (
            "المنافذ المفتوحة",
            "منافذ الاستماع",
            "ما المنافذ المفتوحة",
            "المنافذ المستمعة",
            "اعرض المنافذ",
            "البورتات المفتوحة",
            "ما الذي يستمع",
            "المنافذ المستخدمة",
        ),
    },
    over=frozenset({"network"}),
)

USERS = Intent(
    "users",
    {
        _EN: (
            "users",
            "sessions",
            "logins",
        ),
        _AR: (
            "المستخدمين",
            "المستخدمون",
            "مستخدمين",
            "مستخدمون",
            "الجلسات",
            "جلسات",
            "اليوزرات",
        ),
    },
    {
        _EN: (
            "logged in users",
            "who is logged in",
            "who is connected",
            "who is online",
            "active users",
            "active sessions",
            "show users",
            "list users",
            "current users",
            "login sessions",
            "ssh sessions",
            "is anybody logged in",
            "is anyone logged in",
        ),
        _AR: (
            "من دخل السيرفر",
            "من المتصل الان",
            "من المتصل بالخادم",
            "المستخدمون الحاليون",
            "المستخدمين الحاليين",
            "المستخدمون المتصلون",
            "من سجل الدخول",
            "الجلسات المفتوحة",
            "من داخل السيرفر",
            "هل يوجد مستخدمون",
        ),
    },
)

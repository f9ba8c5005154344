"""What can be asked about the machine itself: words and phrases in each language."""

from aof.agents.runbook.intent import Intent
from aof.texts.language import Language

_EN, _AR = Language.ENGLISH, Language.ARABIC

DISK = Intent(
    "disk",
    {
        _EN: ("disk", "disks", "disc", "df", "storage", "filesystem", "filesystems", "inodes"),
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
)

MEMORY = Intent(
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
)

LOAD = Intent(
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
)

UPTIME = Intent(
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
)

TOP = Intent(
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
)

DIRECTORIES = Intent(
    "directories",
    {
        _EN: (
            "directories",
            "directory",
            "folders",
            "folder",
            "dirs",
            "dir",
            "du",
        ),
        _AR: (
            "المجلدات",
            "مجلدات",
            "المجلد",
            "مجلد",
            "الفولدرات",
        ),
    },
    {
        _EN: (
            "largest directories",
            "biggest directories",
            "largest folders",
            "biggest folders",
            "what takes up the space",
            "what is taking up space",
            "what is eating the disk",
            "what is filling the disk",
            "what is using the disk",
            "where did the space go",
            "where did the disk space go",
            "what is filling up the disk",
            "what is taking up disk space",
            "which directory is the largest",
            "disk usage by directory",
            "what uses the most space",
            "disk hogs",
            "du sh",
            "size of directories",
        ),
        _AR: (
            "اكبر المجلدات",
            "المجلدات الكبيرة",
            "ما الذي يملا القرص",
            "ما الذي يستهلك المساحة",
            "ما الذي يستهلك القرص",
            "حجم المجلدات",
            "احجام المجلدات",
            "اين ذهبت المساحة",
            "اكبر مجلد",
        ),
    },
    over=frozenset({"disk"}),
)

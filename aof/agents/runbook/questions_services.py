"""What can be asked about what runs on a machine and in its cluster: words and phrases in each language."""

from aof.agents.runbook.intent import Intent
from aof.texts.language import Language

_EN, _AR = Language.ENGLISH, Language.ARABIC

DAEMONS = ("nginx", "apache", "apache2", "postgres", "postgresql", "mysql", "mariadb", "redis", "ssh", "sshd", "cron")
"""What people ask for by name alone. Any other service is found where the text says that it is one."""

SERVICES = Intent(
    "services",
    {
        _EN: (
            "services",
            "service",
            "systemctl",
            "systemd",
            "units",
            "daemons",
        ),
        _AR: (
            "الخدمات",
            "خدمات",
            "الخدمة",
            "خدمة",
        ),
    },
    {
        _EN: (
            "failed services",
            "failing services",
            "which services have failed",
            "are all services running",
            "running services",
            "service status",
            "status of the service",
            *(f"status of {daemon}" for daemon in DAEMONS),
            *(f"is {daemon} {state}" for daemon in DAEMONS for state in ("running", "up", "down", "ok")),
            "list services",
            "show services",
            "check the services",
            "failed units",
            "list units",
            "systemctl status",
        ),
        _AR: (
            "حالة الخدمات",
            "الخدمات المتعطلة",
            "الخدمات المتوقفة",
            "هل توجد خدمات متعطلة",
            "هل كل الخدمات تعمل",
            "الخدمات التي تعمل",
            "اعرض الخدمات",
            "حالة الخدمة",
            "هل الخدمة تعمل",
            "هل nginx يعمل",
            "حالة nginx",
        ),
    },
)

JOURNAL = Intent(
    "journal",
    {
        _EN: (
            "journal",
            "journalctl",
            "logs",
            "log",
            "syslog",
        ),
        _AR: (
            "السجل",
            "سجل",
            "السجلات",
            "سجلات",
            "اللوج",
            "لوج",
            "اللوقات",
        ),
    },
    {
        _EN: (
            *(f"{word} of {daemon}" for daemon in DAEMONS for word in ("logs", "journal")),
            *(f"{daemon} logs" for daemon in DAEMONS),
            "journal nginx",
            "logs of docker service",  # of its unit; "docker logs" is about containers
            "journal of docker service",
            "docker service logs",
            "journalctl u nginx",
            "show logs",
            "show the logs",
            "show me the journal",
            "system logs",
            "service logs",
            "logs of a service",
            "journal of a unit",
            "last log lines",
            "log entries",
            "what do the logs say",
            "log messages",
        ),
        _AR: (
            "سجل nginx",
            "سجلات nginx",
            "سجل الخدمة",
            "سجلات الخدمة",
            "سجل النظام",
            "سجلات النظام",
            "اعرض السجل",
            "اعرض السجلات",
            "اخر السجلات",
            "لوج الخدمة",
        ),
    },
    over=frozenset({"services"}),
)

CONTAINERS = Intent(
    "containers",
    {
        _EN: (
            "containers",
            "container",
            "docker",
            "dockers",
        ),
        _AR: (
            "الحاويات",
            "حاويات",
            "الحاوية",
            "حاوية",
            "دوكر",
            "الدوكر",
            "كونتينر",
            "الكونتينرات",
        ),
    },
    {
        _EN: (
            "docker containers",
            "docker ps",
            "running containers",
            "list containers",
            "show containers",
            "container status",
            "docker status",
            "which containers are running",
            "containers crashing",
            "crashing containers",
            "containers restarting",
            "exited containers",
            "unhealthy containers",
            "is docker running",
            "stopped containers",
        ),
        _AR: (
            "الحاويات المتعطلة",
            "الحاويات العاملة",
            "حالة الحاويات",
            "اعرض الحاويات",
            "هل توجد حاويات متعطلة",
            "حاويات دوكر",
            "هل دوكر يعمل",
            "ما الحاويات التي تعمل",
        ),
    },
    over=frozenset({"journal"}),
)

PODS = Intent(
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
            "pod logs",
            "logs of a pod",
            "show pods",
            "list pods",
            "get pods",
            "kubernetes pods",
            "check the cluster",
        ),
        _AR: (
            "البودات المتعطلة",
            "هل توجد بودات متعطلة",
            "حالة البودات",
            "سجلات البود",
            "ما البودات التي تتعطل",
            "اعرض البودات",
            "حالة العنقود",
            "حالة الكلستر",
        ),
    },
    over=frozenset({"journal"}),
)

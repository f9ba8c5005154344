"""Words that say nothing about what is asked, or that something would have to be changed, in each language."""

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
    enable format truncate empty erase resize rotate bounce fix sudo vacuum flush reload mask unmask block unblock close
    kick ban disconnect logout mount unmount umount pull push
    احذف امسح اوقف اقتل شغل ازل نظف فرغ انشئ عدل حدث ثبت دمر اغلق احظر اطرد افصل
""")
"""What no question begins with. A request that begins so is never taken for a question, whatever else it names."""

CHANGING_PAIRS = frozenset(
    {
        "turn off",
        "turn on",
        "switch off",
        "switch on",
        "shut down",
        "log out",
        "kick out",
        "اعد تشغيل",
        "اعاده تشغيل",
        "قم بحذف",
        "قم باعاده",
        "قم بايقاف",
        "قم بمسح",
        "قم باغلاق",
    }
)
"""Some of them are two words."""

COMMON = listed_words("""
    a an the is are was it on of in at to for by my our your this that there has have been what whats which how much
    many when since does do did any all some show check list get give tell see look at me us please now current
    currently status state left still about with and or i you we can could would server machine host box system
    ما ماذا هل كم من في على عن هذا هذه الذي التي الان حاله وضع اعرض اظهر لي توجد يوجد الخادم السيرفر الجهاز متي منذ
""")
"""Words that say nothing about what is asked."""

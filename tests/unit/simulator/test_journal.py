"""The journals: what has changed is found without looking at all that is kept."""

from aof.simulator.bubbles import Bubble, Content
from aof.simulator.journal import Journal
from aof.simulator.phone import Phone
from aof.simulator.settings import TWO_PHONES
from tests.unit.simulator.stage import START


class Entry:
    """Counts how often somebody asks when it changed."""

    looks = 0

    def __init__(self) -> None:
        self.seq = 0
        self._changed = 0

    @property
    def changed(self) -> int:
        Entry.looks += 1
        return self._changed

    @changed.setter
    def changed(self, value: int) -> None:
        self._changed = value


def test_what_has_changed_comes_in_the_order_of_addition():
    journal: Journal[Entry] = Journal(10)
    first, second, third = entries = [Entry() for _ in range(3)]
    for entry in entries:
        journal.add(entry)
    seen = journal.latest
    journal.touch(third)
    journal.touch(first)
    assert journal.changed(seen) == [first, third]
    assert journal.changed(0) == [first, second, third]
    assert journal.changed(journal.latest) == []


def test_few_changes_among_many_entries_are_found_with_few_looks():
    journal: Journal[Entry] = Journal(1_000)
    entries = [Entry() for _ in range(1_000)]
    for entry in entries:
        journal.add(entry)
    seen = journal.latest
    journal.touch(entries[0])
    journal.touch(entries[999])
    Entry.looks = 0
    assert journal.changed(seen) == [entries[0], entries[999]]
    assert Entry.looks <= 3


def test_an_entry_that_had_to_make_room_is_never_told_again():
    journal: Journal[Entry] = Journal(1)
    old, new = Entry(), Entry()
    journal.add(old)
    journal.add(new)
    journal.touch(old)
    assert journal.changed(0) == [new]


def test_unread_are_the_messages_after_the_last_that_was_read():
    phone = Phone(TWO_PHONES[0])
    for n, (direction, status) in enumerate(
        [("in", "read"), ("out", "sent"), ("in", "delivered"), ("in", "failed"), ("out", "read"), ("in", "sent")]
    ):
        phone.add(Bubble(str(n), direction, Content("text"), {}, START, status))
    assert phone.shown(START)["unread"] == 2
    assert [bubble.id for bubble in phone.unread_until(None)] == ["2", "5"]

"""How much a command may do, told by tables before it runs. Nothing here runs anything, reads a file or a clock.

An option, a verb or a program that is in no table counts as more than a read.
"""

from aof.tools.classify.split import split
from aof.tools.classify.tables import Tables
from aof.tools.classify.verdict import Classified

__all__ = ["Classified", "Tables", "split"]

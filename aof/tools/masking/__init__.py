"""Values taken out of what programs print where secrets live; the names of the values stay.

What can't be understood is withheld whole: a torn document could show what its whole would have hidden.
"""

from aof.tools.masking.programs import Mask, mask_for
from aof.tools.masking.withheld import Withheld

__all__ = ["Mask", "Withheld", "mask_for"]

"""Was it accepted, by whom, and who else got it: mail-server logs joined with messages."""

from missent.archive.acceptance.accepted import WHYS, Accepted, Extra, Logged
from missent.archive.acceptance.acceptance import Acceptance, gather
from missent.archive.acceptance.sides import Ours

__all__ = ["WHYS", "Acceptance", "Accepted", "Extra", "Logged", "Ours", "gather"]

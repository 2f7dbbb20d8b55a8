"""Mail-server logs joined with messages: `Deliveries` of `missent.archive.acceptance`, with what grows on disk."""

from missent.archive.deliveries.joined import JoinedDeliveries, gather, gather_part, gather_parts
from missent.archive.deliveries.sides import Ours, relays
from missent.archive.deliveries.whys import WHYS

__all__ = ["WHYS", "JoinedDeliveries", "Ours", "gather", "gather_part", "gather_parts", "relays"]

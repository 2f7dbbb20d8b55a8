"""Every detector, in the order findings are reported: money first."""

from missent.content.detectors import (
    iban,
    nhs_number,
    payment_card,
    uk_national_insurance,
    us_ssn,
)
from missent.content.detectors.detector import Detector

DETECTORS: tuple[Detector, ...] = tuple(
    module.DETECTOR
    for module in (
        payment_card,
        iban,
        us_ssn,
        uk_national_insurance,
        nhs_number,
    )
)

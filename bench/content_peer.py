"""Runs one peer on texts: started by `bench.content_peers` with the interpreter that has the peer, knows nothing of missent.

Reads a JSON list of texts on stdin, writes one JSON object: seconds of processor time and findings by entity. Exits with 3
if the peer is not installed.
"""

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence

ENTITIES = {
    "CreditCardRecognizer": "payment-card",
    "IbanRecognizer": "iban",
    "UsSsnRecognizer": "us-ssn",
    "UsItinRecognizer": "us-itin",
    "UsPassportRecognizer": "passport",
    "UsLicenseRecognizer": "driving-licence",
    "UsBankRecognizer": "us-bank-account",
    "UkNinoRecognizer": "uk-national-insurance",
    "NhsRecognizer": "nhs-number",
    "EsNifRecognizer": "es-dni",
    "ItFiscalCodeRecognizer": "it-codice-fiscale",
    "PlPeselRecognizer": "pl-pesel",
    "DeTaxIdRecognizer": "de-steuer-id",
    "SePersonnummerRecognizer": "se-personnummer",
}


def presidio(texts: Sequence[str]) -> tuple[float, Counter[str]]:
    """Its recognisers one by one, without its language model: the fastest way to use it, and what finds these entities."""
    from presidio_analyzer import predefined_recognizers  # type: ignore[import-not-found, unused-ignore]

    made = [
        (getattr(predefined_recognizers, name)(), id_)
        for name, id_ in ENTITIES.items()
        if hasattr(predefined_recognizers, name)
    ]
    counts: Counter[str] = Counter()
    begin = time.process_time()
    for text in texts:
        for recogniser, id_ in made:
            results = recogniser.analyze(text, recogniser.supported_entities, None)
            counts[id_] += sum(result.score >= 0.5 for result in results)
    return time.process_time() - begin, counts


def detect_secrets(texts: Sequence[str]) -> tuple[float, Counter[str]]:
    """Its plugins and filters with their defaults, on the texts as one file, as its command scans files."""
    from detect_secrets import SecretsCollection  # type: ignore[import-not-found, unused-ignore]
    from detect_secrets.settings import default_settings  # type: ignore[import-not-found, unused-ignore]

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", errors="replace") as file, default_settings():
        file.write("\n".join(texts))
        file.flush()
        secrets = SecretsCollection()
        begin = time.process_time()
        secrets.scan_file(file.name)
        return time.process_time() - begin, Counter(credentials=len(list(secrets)))


def main() -> int:
    """`content_peer.py presidio|detect-secrets`."""
    texts = json.load(sys.stdin)
    try:
        seconds, counts = {"presidio": presidio, "detect-secrets": detect_secrets}[sys.argv[1]](texts)
    except ImportError as error:
        print(error.name, file=sys.stderr)
        return 3
    json.dump({"seconds": seconds, "found": counts}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())

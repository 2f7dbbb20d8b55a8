"""`travel-itinerary`: who is where when: a booking with its locator, flights, hotel and names together.

Talk of travel has one or two of these; a booking has most. It is high only with a locator, a flight and a passenger's name
in one place, because that lets a stranger change the booking, or wait at the gate.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_SEP = r"[ \t.:#*-]{1,8}"
_TIME = r"\d{1,2}[:.h]?\d{2} ?(?:[ap]\.?m?\.?\b|hrs|h\b|z\b)?"
_AIRLINES = (
    "delta|united|american|continental|southwest|northwest|us airways|alaska|jetblue|british airways|virgin(?: atlantic)?|lufthansa|klm|"
    "iberia|swiss|austrian|sas|finnair|qantas|emirates|etihad|turkish airlines|air (?:france|canada|india|mali)|ryanair|easyjet|royal air maroc|"
    "ethiopian|kenya airways|singapore airlines|cathay pacific"
)
_SIGNS = {
    "locator": {
        "record-locator": rf"\b(?:(?:airline |agency |galileo |sabre )?record locator|locator(?: code)?|pnr){_SEP}[A-Z0-9]{{6}}\b",
        "booking-reference": rf"\b(?:booking|reservation|confirmation) (?:ref(?:erence)?|code|number|no\.?|\#){_SEP}(?=[A-Z]*\d)[A-Z0-9]{{6,12}}\b",
        "e-ticket": rf"\b(?:e-?)?ticket (?:number|no\.?|\#|nbr){_SEP}\d{{3}}[ -]?\d{{10}}\b",
    },
    "flight": {
        "flight": r"\b(?:flight|flt)(?: (?:no\.?|number|nbr))?[ \t.:#]{0,4}(?:(?:[A-Z]{2}|[A-Z]\d|\d[A-Z])[ -]?|(?:" + _AIRLINES + r") )?\d{1,4}\b",
        "carrier": rf"\b(?:[A-Z]{{3,12}} (?:airlines?|airways)|{_AIRLINES})\b[^\n]{{0,30}}\b\d{{2,4}}\b",
        "departs": rf"\b(?:depart(?:s|ure|ing)?|leav(?:e|es|ing)|lv|dep)\b[^\n]{{0,60}}?{_TIME}",
        "arrives": rf"\b(?:arriv(?:e|es|al|ing)|arr?)\b[^\n]{{0,60}}?{_TIME}",
        "seat": r"\bseats?[ \t.:#-]{1,6}(?:assign\w{0,20}[ :-]{1,3})?\d{1,2}[A-K]\b",
        "equipment": r"\b(?:equip(?:ment)?|aircraft)[ :.-]{1,4}(?:boeing|airbus|canadair|embraer|md|b7|a3)\S{0,20}|\bclass[ :.-]{1,4}(?:economy|coach|business|first|[A-Z]\b)",
    },
    "stay": {
        "hotel": r"\b(?:hotel|inn|marriott|hilton|hyatt|sheraton)\b[^\n]{0,60}(?:\n[^\n]{0,60}){0,2}?\b(?:check|nights?|room|confirm|reserv)",
        "check-in": r"\bcheck(?:ing)?[- ]?(?:in|out)\b(?: date)?[ \t:]{1,4}[^\n]{0,20}?\d",
        "car": r"\b(?:car rental|rental car|hertz|avis|europcar|sixt|pick[- ]?up)\b[^\n]{0,40}\d",
    },
    "person": {
        "passenger": r"\b(?:passengers?|travell?ers?|guests?)(?: ?names?)?(?:\(s\))?[ \t]{0,3}:[ \t\n]{0,6}(?:m(?:r|rs|s)\.? )?[A-Z][A-Z'.-]{0,20}[ ,/][ ]?[A-Z]",
        "gds-name": r"(?-i:\b[A-Z]{2,20}/[A-Z]{2,20}(?: ?[A-Z]{1,12})? ?(?:MR|MRS|MS|DR|COL|CAPT|MAJ|LT|GEN)\b)",
        "frequent-flyer": rf"\b(?:frequent (?:flyer|traveler)|mileage plus|ff)(?: (?:no\.?|number|\#|id))?{_SEP}[A-Z0-9]{{6,12}}\b",
        "itinerary-for": r"\bitinerary\b(?: for|:)",
    },
}  # fmt: skip

_JUDGE = Signs(
    "booking",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.9), 6, {"locator": 1, "flight": 2, "person": 1}),
        Rung(Grade(Severity.MEDIUM, 0.8), 4, {"flight": 2}),
        Rung(Grade(Severity.LOW, 0.6), 3, {"flight": 1}),
    ),
    anchors={"gds-name": r"/[A-Z]{2,}(?: ?[A-Z]+)? ?(?:MR|MRS|MS|DR|COL|CAPT|MAJ|LT|GEN)\b"},
)
DETECTOR = Detector("travel-itinerary", Category.TRAVEL, _JUDGE.patterns, _JUDGE)

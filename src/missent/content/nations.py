"""Nations and organisations as releases name them: `REL TO USA, GBR, NATO`, `UK/US EYES ONLY`, `--country GB`.

A nation is its ISO 3166-1 alpha-2 code here; alpha-3 codes (which REL TO lists are written in, CAPCO register), the short
forms of British and NATO caveats and a few English names lead to it. An organisation is the nations it consists of, so that a
release to NATO is one to its members.
"""

import difflib
from collections.abc import Iterable
from functools import cache
from types import MappingProxyType

_ISO = """
ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL
BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD
CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA
DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF
GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN
IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA
KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE
MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM
NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM
PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN
SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL
TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR
VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE
"""
_ALSO = {
    "UK": "GB", "US": "US", "AUST": "AU", "CANADA": "CA", "NZ": "NZ", "UNITED KINGDOM": "GB", "UNITED STATES": "US",
    "FRANCE": "FR", "GERMANY": "DE", "SWEDEN": "SE", "FINLAND": "FI", "NORWAY": "NO", "DENMARK": "DK", "NETHERLANDS": "NL",
    "BELGIUM": "BE", "ITALY": "IT", "SPAIN": "ES", "PORTUGAL": "PT", "POLAND": "PL", "GREECE": "GR", "TURKEY": "TR",
    "AUSTRIA": "AT", "SWITZERLAND": "CH", "IRELAND": "IE", "UKRAINE": "UA", "JAPAN": "JP", "AUSTRALIA": "AU",
    "NEW ZEALAND": "NZ",
}  # fmt: skip
_FIVE = "AU CA GB NZ US"
_MEMBERS = {
    "FVEY": _FIVE, "FIVE": _FIVE, "AUSCANNZUKUS": _FIVE, "TEYE": "AU GB US", "ACGU": "AU CA GB US", "CANUKUS": "CA GB US",
    "AUKUS": "AU GB US", "USCANUK": "CA GB US", "UKUS": "GB US", "CANUS": "CA US",
    "NATO": "AL BE BG CA CZ DE DK EE ES FI FR GB GR HR HU IS IT LT LU LV ME MK NL NO PL PT RO SE SI SK TR US",
    "EU": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
}  # fmt: skip
ORGANISATIONS = MappingProxyType({name: frozenset(nations.split()) for name, nations in _MEMBERS.items()})
"""Organisations and communities by their names in markings (NATO since March 2024, EU since February 2020)."""

_TOP = MappingProxyType({"mil": "US", "gov": "US"})
_BELOW = frozenset(
    ("gov", "mil", "mod", "gouv", "gob", "govt", "gv", "go", "police", "nhs", "parliament", "gc", "admin", "bund")
)


@cache
def _codes() -> dict[str, str]:
    codes = {word[:2]: word[:2] for word in _ISO.split()} | {word[2:]: word[:2] for word in _ISO.split()}
    return codes | _ALSO


def nation(name: str) -> str:
    """The ISO 3166-1 alpha-2 code or the organisation a name stands for; "" if it is none known here.

    >>> nation("GBR"), nation("uk"), nation("nato"), nation("KFOR")
    ('GB', 'GB', 'NATO', '')
    """
    name = name.strip().upper()
    return _codes().get(name) or (name if name in ORGANISATIONS else "")


def asked(name: str) -> str:
    """`nation`, for what an operator typed. Raises ValueError with the nearest known name."""
    found = nation(name)
    if not found:
        near = difflib.get_close_matches(name.strip().upper(), [*_codes(), *ORGANISATIONS], 1, 0.5)
        hint = f"; the nearest known is {near[0]}" if near else ""
        raise ValueError(f"{name!r} is no country code (ISO 3166: GB, GBR) nor organisation (NATO, EU, FVEY){hint}")
    return found


def members(names: Iterable[str]) -> frozenset[str]:
    """Every nation that some names stand for, with the organisations themselves; unknown names stand for nobody."""
    known = {nation(name) for name in names} - {""}
    return frozenset(known).union(*(ORGANISATIONS.get(name, ()) for name in known))


def of_domain(domain: str) -> str:
    """The nation whose government a domain belongs to by its name (`mod.uk`, `army.mil`, `gouv.fr`); "" if not told.

    A country's suffix alone tells nothing: anybody may register below it.
    """
    labels = domain.split(".")
    if labels[-1] in _TOP:
        return _TOP[labels[-1]]
    if domain == "nato.int" or domain.endswith(".nato.int"):
        return "NATO"
    return nation(labels[-1]) if len(labels) > 1 and labels[-2] in _BELOW and len(labels[-1]) == 2 else ""

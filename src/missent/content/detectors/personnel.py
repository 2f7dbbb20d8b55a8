"""`personnel`: what is said of people at work: complaints and grievances, salaries, curricula vitae, appraisals.

Each kind has its own signs. A policy on grievances has the words too, so a complaint is high only with somebody
named as its subject, and a salary list only with several people's amounts.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs, together
from missent.nouns.finding import Severity

_COMPLAINT = Signs(
    "complaint",
    {
        "form": {
            "procedure": r"\b(?:grievance (?:procedure|policy)|rais(?:e|ing) a (?:formal )?(?:grievance|complaint)|request (?:an|a full) investigation)\b",
            "grievance": r"\b(?:formal (?:grievance|complaint)|grievance (?:against|form|hearing|number|no)|service complaint|complaint (?:against|of (?:harassment|discrimination|bullying)))\b",
            "hearing": r"\b(?:disciplinary (?:hearing|action|proceedings|meeting|investigation)|employment tribunal|written warning|gross misconduct)\b",
            "charge": r"\b(?:eeoc? (?:charge|complaint)|charge of discrimination|inspector general complaint|whistle-?blow\w{1,20})\b",
        },
        "person": {
            "complainant": r"\b(?:complainant|respondent|aggrieved|alleged (?:victim|perpetrator|offender))(?:'s)?(?: name)?[ \t]{0,2}(?::|,| (?:is|was|stated|alleges))",
            "employee-number": r"\b(?:employee|staff|service|payroll) (?:id|no\.?|number)[ \t:.#]{1,4}[A-Z]?\d{3,10}",
            "manager": r"\b(?:against|by|about) my (?:line )?(?:manager|supervisor|colleague|commanding officer)\b|\bmy (?:line )?(?:manager|supervisor),? (?:mr|mrs|ms|miss|dr|maj|col|capt)\b",
            "witness": r"\b(?:witness statements?|statement of (?:complaint|witness)|i (?:was|felt) (?:bullied|harassed|threatened|humiliated|discriminated))\b",
        },
        "matter": {
            "harassment": r"\b(?:sexual(?:ly)? harass\w{0,20}|harass(?:ed|ment)|bull(?:ied|ying)|discriminat(?:ed|ion)|retaliat(?:ed|ion)|hostile work environment|inappropriate (?:remarks|conduct|behaviou?r|touching))\b",
            "conduct": r"\b(?:(?:shouted|sworn|swore) at (?:me|him|her)|humiliat\w{1,5}|intimidat\w{1,5}|belittl\w{1,5}|called (?:me|him|her) (?:a|an|useless|stupid))\b",
            "allegation": r"\b(?:allegations?|alleged|misconduct)\b",
            "outcome": r"\b(?:suspended (?:with|without|on) (?:full )?pay|summar(?:y|ily) dismiss\w{0,20}|(?:not |partially )?upheld|termination of employment)\b",
        },
    },
    (
        Rung(Grade(Severity.HIGH, 0.85), 5, {"form": 1, "person": 1, "matter": 2}),
        Rung(Grade(Severity.MEDIUM, 0.7), 4, {"form": 1, "matter": 1}),
        Rung(Grade(Severity.LOW, 0.5), 3, {"form": 1}),
    ),
)  # fmt: skip
_SALARY = Signs(
    "salary-list",
    {
        "word": {
            "salary": r"\b(?:base |annual |current |proposed |gross )?salar(?:y|ies)\b",
            "bonus": r"\b(?:bonus(?:es)?|merit increase|pay (?:rise|raise|grade|band))\b",
            "employee": r"\b(?:employee (?:name|id|number|no)|staff (?:name|number)|payroll (?:number|no|register))\b",
            "column": r"\b(?:job title|grade|department|cost cent(?:er|re))[ \t]{0,3}[|,;\t:]",
        },
        "row": {
            "people-with-amounts": r"(?-i:^[ \t>|\"]{0,4}[A-Z](?:[a-z'-]{1,20}|\.)?,? [A-Z][A-Za-z.' -]{0,25}[\"]?[ \t,;|][^\n]{0,60}?[ \t,;|\"$\xa3]\d{2,3},?\d{3}(?:\.\d\d)?)(?![\w])",
        },
    },
    (Rung(Grade(Severity.HIGH, 0.85), 3, {"word": 2, "row": 1}), Rung(Grade(Severity.MEDIUM, 0.65), 2, {"word": 1, "row": 1})),
    {"people-with-amounts": 4},
)  # fmt: skip
_CV = Signs(
    "curriculum-vitae",
    {
        "title": {"title": r"\bcurriculum vitae\b|^[ \t>]{0,8}r[e\xe9]sum[e\xe9][ \t]{0,3}$|\bresume of\b"},
        "section": {
            "education": r"^[ \t>*]{0,8}(?:education(?: and training| & training)?|academic (?:background|qualifications)|qualifications)[ \t:]{0,8}$",
            "experience": r"^[ \t>*]{0,8}(?:(?:work|professional|relevant|career) (?:experience|history)|employment(?: history)?|experience|career summary)[ \t:]{0,8}$",
            "skills": r"^[ \t>*]{0,8}(?:(?:key |technical |computer |special |other )?skills(?: and \w{1,20})?|languages)[ \t:]{0,8}$",
            "objective": r"^[ \t>*]{0,8}(?:(?:career |professional )?objective|personal (?:profile|statement)|professional summary)[ \t:]{0,8}$",
            "references": r"\breferences (?:available )?(?:up)?on request\b|^[ \t>*]{0,8}(?:references|referees)[ \t:]{0,8}$",
            "awards": r"^[ \t>*]{0,8}(?:awards|honou?rs(?: and awards)?|activities|interests|hobbies|publications)[ \t:]{0,8}$",
        },
        "fact": {
            "born": r"\b(?:date of birth|nationality|marital status)[ \t]{0,2}:",
            "degree": r"\b(?:bachelor|master) of (?:science|arts|business|engineering)\b|\b(?:B\.?Sc?|B\.A|M\.?B\.?A|Ph\.?D)\b\.?,",
            "period": r"\b(?:19|20)\d\d ?(?:-|to) ?(?:present|current|date)\b",
        },
    },
    (
        Rung(Grade(Severity.MEDIUM, 0.85), 5, {"section": 3}),
        Rung(Grade(Severity.LOW, 0.7), 4, {"section": 2}),
        Rung(Grade(Severity.LOW, 0.6), 3, {"title": 1, "section": 1}),
    ),
)  # fmt: skip
_APPRAISAL = Signs(
    "appraisal",
    {
        "form": {
            "review": r"\b(?:performance (?:review|appraisal)|(?:annual|mid-year|probation(?:ary)?) (?:appraisal|review|report)|officer evaluation report|ojar|sjar)\b",
            "rating": r"\b(?:overall|performance|final) (?:rating|grade|score)[ \t]{0,2}[:=]|\b(?:rated|graded) (?:as )?(?:unsatisfactory|below|needs improvement|exceeds?)\b",
        },
        "judgement": {
            "plan": r"\bperformance improvement plan\b|\bimprovement notice\b|\bsuccession plan\b",
            "warning": r"\b(?:(?:first|final|formal) )?(?:written|verbal|oral) warning\b|\bdisciplinary (?:action|record)\b|\bmisconduct\b",
            "absence": r"\b(?:sickness|sick|unauthori[sz]ed) (?:absence|leave)\b",
            "level": r"\b(?:unsatisfactory|underperform\w{0,5}|below expectations|exceeds expectations|not (?:yet )?ready for promotion|recommended for promotion)\b",
        },
        "person": {
            "rank-and-name": r"(?-i:\b(?:Mrs?|Ms|Miss|Dr|Sgt|Cpl|Capt|Maj|Col|Lt|Cdr|WO[12])\.? (?:[A-Z]\.? ?)?[A-Z][a-z'-]{1,20})",
            "number": r"\b(?:employee|staff|service|payroll) (?:id|no\.?|number)[ \t:.#]{1,4}[A-Z]?\d{3,10}",
        },
    },
    (
        Rung(Grade(Severity.MEDIUM, 0.75), 5, {"form": 1, "judgement": 2, "person": 1}),
        Rung(Grade(Severity.MEDIUM, 0.65), 4, {"form": 1, "judgement": 2}),
        Rung(Grade(Severity.LOW, 0.5), 3, {"form": 1, "judgement": 1}),
    ),
)  # fmt: skip
_JUDGE = together(_COMPLAINT, _SALARY, _CV, _APPRAISAL)
DETECTOR = Detector("personnel", Category.PERSONNEL, _JUDGE.patterns, _JUDGE)

"""`medical`: a person's health: diagnoses, codes, results, images, treatment.

Articles and insurers' mail speak of diseases; a record has a patient, and about that patient codes (ICD-10 with a word beside
them), results with units, or findings. It is high only with a patient among the signs.
"""

from missent.content.detectors.detector import Category, Detector, Grade
from missent.content.detectors.signs import Rung, Signs
from missent.nouns.finding import Severity

_N = r"(?: (?:was|of|is))?[ \t:=]{1,4}[<>]?\d{1,4}(?:\.\d{1,2})?[ ]?"
_SIGNS = {
    "patient": {
        "patient": r"\bpatient(?:'s)?(?: name| id| number| no\.?)?[ \t]{0,2}:[ \t]{0,4}[A-Z0-9]|\bre: (?:the )?patient\b",
        "born": r"\b(?:d\.?o\.?b\.?|date of birth|born)[ \t:.]{1,4}\d{1,4}[ ./-](?:\d{1,2}|[A-Z]{3,9})[ ./-]\d{2,4}",
        "record-number": r"\b(?:mrn|medical record (?:no\.?|number)|hospital (?:no\.?|number)|nhs (?:no\.?|number)|chart (?:no\.?|number))[ \t:.#]{1,4}[A-Z0-9]",
        "age-sex": r"\b\d{1,3}[- ]?(?:years?[- ]old|y/?o) (?:wo)?man\b|\b\d{1,3}[- ]?(?:years?[- ]old|y/?o) (?:fe)?male\b",
        "letter": r"\bthank you (?:very much )?for (?:referring|seeing|asking me to see)\b|\bi (?:reviewed|saw) (?:this|your) (?:\d{1,3}[ -]year[ -]old )?(?:patient|gentleman|lady|man|woman)\b",
        "treating": r"\b(?:attending|referring|primary care) physician\b|\b(?:consultant|treating) (?:physician|surgeon|psychiatrist|oncologist|radiologist)\b|\bgp (?:surgery|practice)\b",
    },
    "diagnosis": {
        "icd-10": r"\b(?:icd-?(?:10)?(?:-cm)?|diagnos[ie]s|dx)\b(?: codes?)?[^\n]{0,40}?\b[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?\b",
        "diagnosis": r"\b(?:diagnos[ie]s|dx|differential)[ \t]{0,2}:[ \t]{0,3}[A-Z]|\b(?:was|been|is) diagnosed with [a-z]",
        "history": r"\b(?:past medical history|history of present(?:ing)? (?:illness|complaint)|presenting complaint|chief complaint|pmhx?|known allergies|allergies[ ]?:)",
        "disease": r"\b(?:carcinoma|metasta\w{1,20}|type (?:1|2|i|ii) diabetes|hiv(?:[- ]positive)?|hepatitis [bc]|schizophreni\w{1,20}|bipolar disorder|major depressi\w{1,20}|epilepsy|multiple sclerosis|ptsd)\b",
        "condition": r"\b(?:myocardial infarction|angina|stenosis|pneumonia|thrombosis|(?:hairline |compound )?fractures? of|disc (?:protrusion|prolapse)|hypertension|asthma|copd|(?:deep|ligament|muscle) tear)\b",
        "prognosis": r"\b(?:prognosis|biopsy|histology|pathology report|in remission|terminally ill)\b",
    },
    "result": {
        "blood": rf"\b(?:hba1c|(?:total |ldl |hdl )?cholesterol|creatinine|ha?emoglobin|hgb|(?:fasting )?glucose|psa|tsh|wbc|platelets|potassium|egfr|crp|triglycerides?|troponin|bnp|d-dimer|ferritin){_N}(?:%|mmol|mg/d|g/d|ng/[ml]|u?mol|x ?10|mu/|miu|ml/min|umol|\xb5mol)",
        "pressure": r"\b(?:blood pressure|bp)(?: (?:was|of|is))?[ \t:=]{1,3}\d{2,3}/\d{2,3}\b",
        "laboratory": r"\b(?:specimen (?:id|collected|type)|reference range|lab(?:oratory)? results?)\b",
        "imaging": r"\b(?:mri|ct|cat) (?:scan )?(?:of (?:the )?)?(?:head|brain|spine|chest|abdomen|pelvis|knee|shoulder)\b|\b(?:chest|dental|hand|knee|spine|wrist|ankle) x-?rays?\b|\bx-?rays? (?:shows?|showed|of|revealed)\b|\bultrasound\b|\bradiograph\w{0,20}\b|\bmammogram\b|\be[ck]g\b",
        "impression": r"^[ \t>]{0,8}(?:impression|findings|conclusion|indication|technique)[ \t]?:",
    },
    "treatment": {
        "dose": r"\b\d{1,4}(?:\.\d)? ?(?:mg|mcg|ml|units?)\b[ ,]{1,2}(?:po|iv|im|bd|bid|od|tds|tid|qds|qid|prn|nocte|once|twice|daily|every|at night|tablets?)\b",
        "medication": r"\b(?:current medications?|medications? ?:|prescribed|prescription (?:for|no))\b",
        "drug": r"\b[a-z]{3,12}(?:pril|sartan|olol|statin|formin|mycin|cillin|codamol|oxetine|azepam|prazole|gliptin|parin)\b|\b(?:aspirin|warfarin|insulin|morphine) \d",
        "procedure": r"\b(?:(?:coronary )?angiogra\w{1,6}|endoscopy|colonoscopy|angioplasty|chemotherapy|radiotherapy|dialysis|transplant|\w{3,12}ectomy|admitted to (?:hospital|the ward)|discharge summary|post-?operative\w{0,20})\b",
        "fitness": r"\bmedical category\b|\b(?:sick note|fit note|unfit for (?:\w{2,12} ){0,2}(?:duty|duties|work|service|deployment)|medically (?:downgraded|discharged|unfit)|medical leave|limited duty)\b",
    },
    "named": {
        "named": r"(?-i:\b(?:Mrs?|Ms|Miss|Capt|Maj|Col|Lt|Sgt|Cpl|Pte|Cdr|Private|Sergeant|Major|Captain)\.? [A-Z][a-z'-]{1,20})",
    },
}  # fmt: skip

_JUDGE = Signs(
    "record",
    _SIGNS,
    (
        Rung(Grade(Severity.HIGH, 0.9), 4, {"patient": 1, "diagnosis": 1}),
        Rung(Grade(Severity.HIGH, 0.9), 4, {"patient": 1, "result": 2}),
        Rung(Grade(Severity.MEDIUM, 0.75), 3, {"patient": 1}),
        Rung(Grade(Severity.MEDIUM, 0.65), 4, {"named": 1, "treatment": 1}),
        Rung(Grade(Severity.LOW, 0.5), 3, {"named": 0}),
    ),
)
DETECTOR = Detector("medical", Category.MEDICAL, _JUDGE.patterns, _JUDGE)

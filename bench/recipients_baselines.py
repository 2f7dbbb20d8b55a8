"""What the field compares with, re-implemented: random, cosine, knn-30, and Carvalho and Cohen's "all".

"All" ranks by a linear combination, learned per user from leaks simulated in the training mail, of: the knn-30 score; how
often a recipient was written to, wrote, was met lately; how often it stood beside the others; and how frequent the most
frequent address with the same three first letters is (their 3-gram rival).
"""

import random
from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bench.recipients_corpus import Letter
from bench.recipients_protocol import Split, precision, with_leak
from missent.recipients.model.slips import three_letters
from missent.recipients.model.trees import Floats

NEAREST = 30
MOST_TAUGHT = 500


class Baselines:
    """Everything that is counted of one user's training part."""

    def __init__(self, cut: Split) -> None:
        self.cut = cut
        self.vectors = TfidfVectorizer(token_pattern=r"[A-Za-z][A-Za-z0-9']+", sublinear_tf=True)
        self.train = csr_matrix(self.vectors.fit_transform([_text(m) for m in cut.train]))
        self.sent = Counter(a for m in cut.train for a in m.rcpts)
        self.lately = Counter(a for m in cut.train[-len(cut.train) // 5 :] for a in m.rcpts)
        self.received = Counter(m.sender for m in cut.received)
        self.pairs: Counter[frozenset[str]] = Counter()
        self.by: dict[str, list[int]] = defaultdict(list)
        self.beginning: dict[str, Counter[str]] = defaultdict(Counter)
        for number, mail in enumerate(cut.train):
            self.pairs.update(frozenset(p) for p in combinations(sorted(mail.rcpts), 2))
            for rcpt in mail.rcpts:
                self.by[rcpt].append(number)
        for rcpt, count in self.sent.items():
            self.beginning[rcpt[:3]][rcpt] = count
        self.members = [frozenset(m.rcpts) for m in cut.train]
        self.centroids = {a: _unit(np.asarray(self.train[rows].sum(axis=0)).ravel()) for a, rows in self.by.items()}

    def similarities(self, mails: list[Letter]) -> Floats:
        """Cosine of each mail with each training mail."""
        found: Floats = (csr_matrix(self.vectors.transform([_text(m) for m in mails])) @ self.train.T).toarray()
        return found

    def cosine(self, mails: list[Letter]) -> list[dict[str, float]]:
        """Per mail, cosine with the centroid of each recipient that has one."""
        vectors = csr_matrix(self.vectors.transform([_text(m) for m in mails]))
        names = list(self.centroids)
        found = vectors @ np.array([self.centroids[a] for a in names]).T
        return [dict(zip(names, row.tolist(), strict=True)) for row in found]

    def knn(self, similarity: Floats, but: int = -1) -> dict[str, float]:
        """Sum of the similarities of the 30 nearest mails by their recipients; `but` one mail."""
        if but >= 0:
            similarity = similarity.copy()
            similarity[but] = -1.0
        found: dict[str, float] = defaultdict(float)
        for near in np.argsort(-similarity, kind="stable")[:NEAREST]:
            for rcpt in self.members[near]:
                found[rcpt] += max(float(similarity[near]), 0.0)
        return found

    def features(self, mail: Letter, knn: dict[str, float], known: int = 0) -> Floats:
        """A line per recipient; `known`: how often to count the mail itself out (training)."""
        own = set(mail.rcpts[:-1]) if known else set()
        lines = []
        for rcpt in mail.rcpts:
            sent = self.sent[rcpt] - (rcpt in own)
            others = [o for o in mail.rcpts if o != rcpt]
            both = [self.pairs[frozenset((rcpt, o))] - (rcpt in own and o in own) for o in others]
            rival = max((c for a, c in self.beginning[rcpt[:3]].items() if a != rcpt), default=0)
            lines.append(
                (
                    knn.get(rcpt, 0.0), np.log1p(sent), sent / (len(self.cut.train) or 1), np.log1p(self.received[rcpt]),
                    np.log1p(self.lately[rcpt]), np.log1p(sum(both)), sum(b > 0 for b in both) / max(len(both), 1),
                    sum(both) / (sent + 1.0), np.log1p(rival), np.log1p(rival) - np.log1p(sent),
                )
            )  # fmt: skip
        return np.array(lines)

    def ranker(self, strangers: list[str], alpha: float, seed: int) -> Floats:
        """Weights of the linear ranker, learned on pairs of a leak and a right recipient."""
        rng = random.Random(f"{seed} {self.cut.user} ranker")
        train = self.cut.train
        chosen = sorted(rng.sample(range(len(train)), min(MOST_TAUGHT, len(train))))
        similar = self.similarities([train[n] for n in chosen])
        pairs = []
        for row, number in enumerate(chosen):
            mail = train[number]
            leak = three_letters(self.cut.book, mail, rng.choice(mail.rcpts), rng.randrange)
            leak = rng.choice(strangers) if rng.random() < alpha else leak
            if leak:
                lines = self.features(with_leak(mail, leak), self.knn(similar[row], number), 1)
                pairs += [lines[-1] - line for line in lines[:-1]]
        both = np.array(pairs)
        scale = both.std(axis=0) + 1e-9
        learner = LogisticRegression(fit_intercept=False, C=1.0, max_iter=500)
        learner.fit(np.concatenate([both, -both]) / scale, np.repeat([1, 0], len(both)))
        weights: Floats = learner.coef_[0] / scale
        return weights


def baselines(cut: Split, strangers: list[str], alphas: tuple[float, ...], seed: int) -> dict[str, dict[int, list[float]]]:
    """Prec@1 by test mail of every method; those of alpha > 0 for "all" only."""
    made = Baselines(cut)
    cosines = made.cosine(cut.test)
    near = [made.knn(row) for row in made.similarities(cut.test)]
    cases = cut.cases

    def by(found: list[dict[str, float]], i: int) -> Floats:
        return -np.array([found[cases[i].number].get(a, 0.0) for a in cases[i].mail.rcpts])

    answer = {
        "random": precision(cut, lambda i: np.zeros(len(cases[i].mail.rcpts)), 0.0),
        "cosine": precision(cut, lambda i: by(cosines, i), 0.0),
        "knn-30": precision(cut, lambda i: by(near, i), 0.0),
    }
    lines = [made.features(case.mail, near[case.number]) for case in cases]
    for alpha in alphas:
        weights = made.ranker(strangers, alpha, seed)
        answer[f"all {alpha:g}"] = precision(cut, lambda i, w=weights: lines[i] @ w, alpha)  # type: ignore[misc]
    return answer


def _text(mail: Letter) -> str:
    return f"{mail.subject}\n{mail.text}"


def _unit(vector: Floats) -> Floats:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector

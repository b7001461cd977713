"""The decision aid for a short stay (*afwegingsinstrument*): eleven questions, after one on life
threat. It proposes a kind of care; the referrer decides, and says why if otherwise. Pure.

It never says how urgent something is. The questions are data with a version, which is kept with the
answers. A region may reword, reorder, switch off and add: see `questionnaire`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, NamedTuple

VERSION = "elv-2"
#: When nothing asks for more.
PLAIN = "elv_laag"

#: Where the wording or the rule was found. "practice": how it is done; "own": our proposal.
SOURCES = (
    "lhv",
    "tip",
    "verenso",
    "zorgbedwijzer",
    "zorgkantoor",
    "land_van_horne",
    "practice",
    "own",
    "region",
)
#: Outcomes for which no place is sought here.
ELSEWHERE = ("ambulance", "physician", "ziekenhuis", "ggz")
#: The others: the kinds of care that `capacity` knows (a test compares them).
CARE = (
    "elv_laag",
    "elv_hoog",
    "elv_palliatief",
    "grz",
    "wlz_crisis",
    "respijt",
    "observatie",
    "hospice",
    "wijkverpleging",
)
#: What is started beside the outcome.
WLZ_ROUTE = "wlz_route"
#: Stays to get well again, after which somebody must have somewhere to go.
RECOVERY = ("elv_laag", "elv_hoog")
#: Who treats there. Somebody without a huisarts cannot go where that must be the huisarts.
PRACTITIONERS = {
    "elv_laag": "huisarts",
    "elv_hoog": "specialist",
    "grz": "specialist",
    "wlz_crisis": "specialist",
    "observatie": "specialist",
    "hospice": "huisarts",
}


@dataclass(frozen=True)
class Question:
    """One question, answered with yes or no. `decides`: the answer that settles it."""

    code: str
    number: str
    decides: bool
    outcome: str
    source: str
    #: Asked only when the question of this code would settle it; then this one does or does not.
    under: str = ""
    #: Starts `outcome` beside a stay for recovery; settles nothing.
    beside: bool = False
    #: In the words of the region; empty: those of `lzc.web.words`.
    text: str = ""


class Proposal(NamedTuple):
    """What the answers lead to. `decided_by`: the question; empty when nothing asked for more."""

    outcome: str
    decided_by: str
    source: str
    #: What should be started now as well.
    beside: tuple[str, ...]
    #: Who treats there: huisarts, specialist, or empty when that differs.
    practitioner: str


QUESTIONS = (
    Question("life_threat", "0", True, "ambulance", "own"),
    Question("physician_saw", "1", False, "physician", "tip"),
    Question("specialist", "2", True, "ziekenhuis", "lhv"),
    Question("psychiatry", "3", True, "ggz", "tip"),
    Question("safe_home", "4", True, "wijkverpleging", "tip"),
    Question("wlz", "5", True, "wlz_crisis", "zorgbedwijzer"),
    Question("wlz_soon", "6", True, "wlz_crisis", "zorgkantoor"),
    Question("medical", "7", False, "respijt", "lhv"),
    Question("carer", "7b", False, "respijt", "lhv", under="medical"),
    Question("rehabilitation", "8", True, "grz", "tip"),
    Question("terminal", "9", True, "elv_palliatief", "practice"),
    Question("complex", "10", True, "elv_hoog", "verenso"),
    Question("return_home", "11", False, WLZ_ROUTE, "land_van_horne", beside=True),
)
#: Never switched off, reworded or moved: who is dying does not wait for a form.
FIXED = ("life_threat",)


def propose(
    answers: Mapping[str, bool], questions: Sequence[Question] = QUESTIONS
) -> Proposal | None:
    """What the answers lead to; None as long as a question that matters is open."""
    if first_open(answers, questions):
        return None
    decided = _deciding(answers, questions)
    outcome = decided.outcome if decided else PLAIN
    return Proposal(
        outcome,
        decided.code if decided else "",
        decided.source if decided else "verenso",
        tuple(q.outcome for q in _beside(outcome, questions) if answers[q.code] is q.decides),
        PRACTITIONERS.get(outcome, ""),
    )


def first_open(answers: Mapping[str, bool], questions: Sequence[Question] = QUESTIONS) -> str:
    """The first question that matters and that nobody answered yet."""
    return next((q.code for q in asked(answers, questions) if q.code not in answers), "")


def asked(answers: Mapping[str, bool], questions: Sequence[Question]) -> Iterator[Question]:
    """The questions that matter with these answers: up to the one that settles it, and further
    what is started beside. They stop after one that is open."""
    for question in _on_the_way(answers, questions):
        yield question
        if question.code not in answers:
            return
    decided = _deciding(answers, questions)
    yield from _beside(decided.outcome if decided else PLAIN, questions)


def _on_the_way(answers: Mapping[str, bool], questions: Sequence[Question]) -> Iterator[Question]:
    for question in questions:
        if question.beside or not _arises(question, answers, questions):
            continue
        yield question
        if question.code not in answers or _settles(question, answers, questions):
            return


def _arises(question: Question, answers: Mapping[str, bool], questions: Sequence[Question]) -> bool:
    """One that stands under another is asked when that other would settle it."""
    above = next((q for q in questions if q.code == question.under), None)
    return above is None or answers.get(above.code) is above.decides


def _settles(
    question: Question, answers: Mapping[str, bool], questions: Sequence[Question]
) -> bool:
    """It was answered so, and no question under it still has a say."""
    further = any(q.under == question.code for q in questions)
    return answers.get(question.code) is question.decides and not further


def _deciding(answers: Mapping[str, bool], questions: Sequence[Question]) -> Question | None:
    way = _on_the_way(answers, questions)
    return next((q for q in way if _settles(q, answers, questions)), None)


def _beside(outcome: str, questions: Sequence[Question]) -> Iterator[Question]:
    if outcome in RECOVERY:
        yield from (q for q in questions if q.beside)


# A region's own edits --------------------------------------------------------------------------

_CODE = re.compile(r"[a-z][a-z0-9_]{1,30}")


def questionnaire(edits: Mapping[str, Any] | None = None) -> tuple[Question, ...]:
    """The questions of a region. `edits`, all of it optional and all of it JSON:

    `off`: codes that are not asked; `words`: a text by code; `order`: codes that come first, in
    this order (the others keep theirs); `own`: questions of the region, each with `code`, `text`,
    `decides`, `outcome`, and `after`, the code that it follows. Raises ValueError with a sentence
    for edits that cannot be.
    """
    edits = edits or {}
    if strange := edits.keys() - {"off", "words", "order", "own"}:
        raise ValueError(f"The decision aid has no edits named {_listed(strange)}.")
    off = {*edits.get("off", ())}
    questions = [q for q in QUESTIONS if not {q.code, q.under} & off]
    for own in edits.get("own", ()):
        _insert(questions, own)
    words, order = edits.get("words", {}), list(edits.get("order", ()))
    _check(questions, off, {*words, *order})
    worded = [replace(q, text=words.get(q.code, q.text)) for q in questions]
    first = [*FIXED, *order]
    worded.sort(key=lambda q: first.index(q.code) if q.code in first else len(first))
    return _together(worded)


def version_of(questions: Sequence[Question]) -> str:
    """Which questions these are: the national ones, or those with the edits of a region."""
    if tuple(questions) == QUESTIONS:
        return VERSION
    said = json.dumps([[*vars(q).values()] for q in questions]).encode()
    return f"{VERSION}+{blake2b(said, digest_size=4).hexdigest()}"


def _insert(questions: list[Question], own: Mapping[str, Any]) -> None:
    code, outcome, text = own.get("code", ""), own.get("outcome", ""), own.get("text", "")
    if not _CODE.fullmatch(code) or code in {q.code for q in (*QUESTIONS, *questions)}:
        raise ValueError(f"A question of your own needs a code of its own, not {code!r}.")
    if outcome not in (*CARE, *ELSEWHERE) or not text or not isinstance(own.get("decides"), bool):
        raise ValueError(f"Give question {code} a text, the answer that decides, and an outcome.")
    codes = [q.code for q in questions]
    after = own.get("after", codes[-1])
    if after not in codes:
        raise ValueError(f"Question {code} follows {after}, which is not asked.")
    made = Question(code, "", own["decides"], outcome, "region", text=text)
    questions.insert(codes.index(after) + 1, made)


def _check(questions: Sequence[Question], off: set[str], named: set[str]) -> None:
    if kept := {*FIXED} & (off | named):
        raise ValueError(f"Question {_listed(kept)} stays first and as it is.")
    if strange := off - {q.code for q in QUESTIONS}:
        raise ValueError(f"The decision aid has no question {_listed(strange)}.")
    if strange := named - {q.code for q in questions}:
        raise ValueError(f"The decision aid does not ask {_listed(strange)}.")


def _together(questions: Sequence[Question]) -> tuple[Question, ...]:
    """A question under another follows right after it."""
    above = [q for q in questions if not q.under]
    return tuple(each for q in above for each in (q, *(u for u in questions if u.under == q.code)))


def _listed(codes: set[str]) -> str:
    return ", ".join(sorted(codes))

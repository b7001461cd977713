"""How one judgement of urgency stands to the one before it. Steps: the caller holds the case."""

from typing import Any

from lzc.errors import N_, NotNow, NotValid
from lzc.models import Actor, Region
from triage import elv
from triage.given import JUDGED, TriageIn
from triage.models import Case, TriageRecord
from triage.urgency import AlarmSignal

JUDGED_MEANWHILE = "judged_meanwhile"


def judgement(case: Case, judged: TriageIn, by: Actor) -> TriageRecord:
    before = _read(case.newest_triage, judged.after)
    first = TriageRecord.How.NEW
    how = judged.how or ("" if before else first)
    if (how == first) == bool(before) or how not in TriageRecord.How.values:
        raise NotValid(
            "triage.how",
            N_(
                "This case was triaged before: say whether you take that over, supplement it, "
                "or do it again, and why."
            )
            if before
            else N_("Nobody triaged this case yet: this is the first time."),
            code="say_how",
        )
    if how == TriageRecord.How.REDONE and not judged.reason:
        raise NotValid("triage.reason", N_("Say why the triage is done again."), code="say_why")
    made = TriageRecord(
        case=case,
        number=before.number + 1 if before else 1,
        previous=before,
        how=how,
        reason=judged.reason,
        organisation_id=by.workplace,
        actor=by.pk,
        **_values(judged, before, how),
    )
    if not made.urgency:
        raise NotValid("triage.urgency", N_("Choose an urgency, U0 to U5."), code="required")
    return made


def _known(judged: TriageIn) -> None:
    unknown = [code for code in judged.alarm_signals if code not in list(AlarmSignal)]
    if unknown:
        raise NotValid(
            "triage.alarm_signals",
            N_("We do not know the alarm signal %(signal)s. Choose from the list."),
            code="not_a_choice",
            signal=unknown[0],
        )


def _read(before: TriageRecord | None, after: int | None) -> TriageRecord | None:
    """The judgement before this one. Nobody undoes, or agrees with, one that they never saw."""
    if before is None or after is None or before.number == after:
        return before
    raise NotNow(
        N_(
            "Meanwhile %(who)s judged this %(urgency)s. Read that first. "
            "Do you still judge it so? Then send it again."
        ),
        code=JUDGED_MEANWHILE,
        who=before.organisation.name,
        urgency=before.urgency,
    )


def check_assessment(said: dict[str, Any], by: Actor) -> None:
    """What the decision aid of this region would propose is checked; of another aid, which has a
    version of its own, the outcome is taken as it is told."""
    region = Region.objects.get(organisation=by.workplace)
    questions = elv.questionnaire(region.rules().elv_edits)
    if said["version"] == elv.version_of(questions):
        answers = said["answers"]
        known = {question.code for question in questions}
        if not answers.keys() <= known or not all(isinstance(a, bool) for a in answers.values()):
            raise NotValid(
                "assessment.answers",
                N_("Answer the questions of the decision aid, each with yes or no."),
                code="not_the_questions",
            )
        proposal = elv.propose(answers, questions)
        if proposal is None or proposal.outcome != said["outcome"]:
            raise NotValid(
                "assessment.outcome",
                N_("The answers do not lead to this outcome. Answer every question up to there."),
                code="not_the_outcome",
            )
    if said["outcome"] != said["chosen"] and not said.get("deviation"):
        raise NotValid(
            "assessment.deviation",
            N_("You choose something else than the aid proposes: say why."),
            code="say_why",
        )


def _values(judged: TriageIn, before: TriageRecord | None, how: str) -> dict[str, Any]:
    """What this judgement says, and what it leaves as the one before said it."""
    _known(judged)
    values = {f: getattr(judged, f) for f in JUDGED}
    if before is None:
        return values
    if how == TriageRecord.How.TAKEN_OVER:
        differs = [f for f in JUDGED if values[f] and values[f] != getattr(before, f)]
        if differs:
            raise NotValid(
                f"triage.{differs[0]}",
                N_("Taking over changes nothing. Supplement the triage, or do it again."),
                code="not_taken_over",
            )
        return {f: getattr(before, f) for f in JUDGED}
    if how == TriageRecord.How.SUPPLEMENTED:
        values["alarm_signals"] = sorted({*before.alarm_signals, *judged.alarm_signals})
        values["abcde"] = before.abcde | judged.abcde
        return {f: v or getattr(before, f) for f, v in values.items()}
    return values | {"complaint": judged.complaint or before.complaint}

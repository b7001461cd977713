"""The decision aid for a short stay by program: the questions of your own region."""

from typing import Any

from rest_framework import serializers

from lzc.api.answers import Out
from lzc.api.endpoints import endpoint
from lzc.models import Actor, Region
from lzc.web.words import word
from triage import elv

Str, Bool = serializers.CharField, serializers.BooleanField


class QuestionOut(Out):
    """A question, answered with yes or no."""

    code = Str()
    number = Str(help_text="In the national instrument; empty for a question of your region.")
    text = Str()
    decides = Bool(help_text="The answer that settles it.")
    outcome = Str(help_text="What is then proposed: a kind of care, or where to go instead.")
    told_by = Str(help_text="Where the question was found: lhv, tip, verenso …; own, region.")
    under = Str(help_text="Asked only when the question of this code would settle it.")
    beside = Bool(help_text="Settles nothing: starts the outcome beside a stay for recovery.")


class AidOut(Out):
    """The questions in their order. Send the version along with the answers."""

    example = {
        "version": "elv-2",
        "plain": "elv_laag",
        "questions": [
            {
                "code": "specialist",
                "number": "2",
                "text": "Is er nu een ziekenhuis nodig, voor onderzoek of behandeling?",
                "decides": True,
                "outcome": "ziekenhuis",
                "told_by": "lhv",
                "under": "",
                "beside": False,
            }
        ],
    }
    version = Str()
    plain = Str(help_text="What is proposed when no answer settles it.")
    questions = QuestionOut(many=True)


@endpoint(gives=AidOut)
def decision_aid(*, by: Actor) -> dict[str, Any]:
    """The decision aid for a short stay, with what your region changed in it. It proposes."""
    region = Region.objects.get(organisation=by.workplace)
    questions = elv.questionnaire(region.rules().elv_edits)
    return {
        "version": elv.version_of(questions),
        "plain": elv.PLAIN,
        "questions": [_question(q) for q in questions],
    }


def _question(question: elv.Question) -> dict[str, Any]:
    said = vars(question) | {"told_by": question.source}
    return said | {"text": question.text or word(question.code, "aid")}

"""What a phone with bad reception sends when it can: press after press, each answered in words.

The pages of planner and nurse keep what was pressed until it has been sent (`offline.js`). They
do not ask for the page that a press leads to, but for what would have been said on it.
"""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse

from lzc.errors import Refused
from lzc.web.methods import SHOWN
from lzc.web.pages import View, sentence

WORDS = "application/json"


def from_queue(request: HttpRequest) -> bool:
    wanted = request.get_preferred_type(["text/html", WORDS])
    return request.method not in SHOWN and wanted == WORDS


def in_words(view: View) -> View:
    """Mark a page whose buttons may wait for reception. It says all it has to say in messages.

    A refusal is an answer as well: the press is over, and its sentence is shown.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not from_queue(request):
            return view(request, *args, **kwargs)
        try:
            view(request, *args, **kwargs)
        except Refused as refusal:
            return JsonResponse({"refused": True, "said": [sentence(refusal)]})
        said = list(messages.get_messages(request))
        refused = any(message.level >= messages.WARNING for message in said)
        return JsonResponse({"refused": refused, "said": [str(message) for message in said]})

    return answered

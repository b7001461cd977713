"""The addresses of the pages of the work, in the words of who does it."""

from django.urls import URLPattern, path

from capacity.urls import addresses as of_capacity
from coordination.pages import case, desk, follow, huisarts, intake, nurse, provider, sharing

urlpatterns: list[URLPattern] = [
    # The desk.
    path("werklijst/", desk.worklist, name="worklist"),
    path("werklijst/zoeken/", desk.search, name="worklist_search"),
    path("capaciteit/overzicht/", desk.capacity_overview, name="capacity_overview"),
    path("verdelen/", sharing.sharing, name="sharing"),
    path("verdelen/<uuid:plan_id>/", sharing.apply, name="sharing_apply"),
    path("casus/nieuw/", intake.intake, name="intake"),
    path("casus/<slug:reference>/", case.case, name="case"),
    path("casus/<slug:reference>/<slug:act>/", case.case_act, name="case_act"),
    path(
        "casus/<slug:reference>/vraag/<uuid:pk>/<slug:act>/", case.request_act, name="request_act"
    ),
    path("casus/<slug:reference>/aanbod/<uuid:pk>/<slug:act>/", case.offer_act, name="offer_act"),
    path(
        "casus/<slug:reference>/overdracht/<uuid:pk>/<slug:act>/",
        case.handover_act,
        name="handover_act",
    ),
    # Who asks.
    path("aanvraag/", huisarts.request_new, name="request_new"),
    path("aanvragen/", follow.requests, name="requests"),
    path("aanvragen/<uuid:request_id>/", follow.follow, name="follow"),
    path("aanvragen/<uuid:request_id>/intrekken/", follow.cancel, name="follow_cancel"),
    # Who answers, and who goes there.
    path("aanbod/", provider.inbox, name="inbox"),
    path("aanbod/<uuid:offer_id>/<slug:name>/", provider.answer, name="offer_answer"),
    *of_capacity(waiting=provider.waiting),
    path("taken/", nurse.tasks, name="tasks"),
    path("taken/<uuid:offer_id>/", nurse.task, name="task"),
    path("taken/<uuid:offer_id>/<slug:name>/", nurse.step, name="task_step"),
]

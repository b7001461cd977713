"""The addresses of the pages of the work, in the words of who does it."""

from django.urls import URLPattern, path

from capacity.urls import addresses as of_capacity
from coordination.pages import (
    beside,
    case,
    concept,
    desk,
    figures,
    follow,
    huisarts,
    intake,
    map,
    messages,
    nurse,
    outage,
    provider,
    sharing,
    shift,
    wall,
)

urlpatterns: list[URLPattern] = [
    # The desk.
    path("werklijst/", desk.worklist, name="worklist"),
    path("werklijst/zoeken/", desk.search, name="worklist_search"),
    path("capaciteit/overzicht/", desk.capacity_overview, name="capacity_overview"),
    path("kaart/", map.map_page, name="map"),
    path("kaart/gebieden.json", map.areas_json, name="map_areas"),
    path("kaart/plekken.json", map.places_json, name="map_places"),
    path("noodlijst/", outage.outage, name="outage"),
    path("noodlijst/bestand/", outage.download, name="outage_file"),
    path("wand/", wall.wall, name="wall"),
    path("wand/schermen/", wall.screens, name="walls"),
    path("wand/schermen/<uuid:pk>/intrekken/", wall.revoke, name="wall_revoke"),
    path("dienst/", shift.shift, name="shift"),
    path("dienst/klokken/", shift.clocks, name="sound_clocks"),
    path("dienst/starten/", shift.start, name="shift_start"),
    path("dienst/overdragen/", shift.hand_over, name="shift_hand_over"),
    path("dienst/<uuid:passing_id>/overnemen/", shift.accept, name="shift_accept"),
    path("dienst/<uuid:passing_id>/opnieuw/", shift.again, name="shift_again"),
    path("dienst/vraag/<uuid:request_id>/<slug:act>/", shift.claim, name="shift_claim"),
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
    path("aanvraag/plekken/", beside.places, name="request_places"),
    path("aanvraag/keuzehulp/", beside.aid, name="request_aid"),
    path("aanvraag/loopt-al/", beside.twin, name="request_twin"),
    path("aanvraag/concept/", concept.keep, name="request_draft"),
    path("aanvraag/concept/wissen/", concept.wipe, name="request_draft_wipe"),
    path("aanvragen/", follow.requests, name="requests"),
    path("aanvragen/<uuid:request_id>/", follow.follow, name="follow"),
    path("aanvragen/<uuid:request_id>/intrekken/", follow.cancel, name="follow_cancel"),
    path("berichten/<uuid:notice_id>/gezien/", messages.seen, name="notice_seen"),
    # Who answers, and who goes there.
    path("aanbod/", provider.inbox, name="inbox"),
    path("aanbod/<uuid:offer_id>/<slug:name>/", provider.answer, name="offer_answer"),
    path("mijn-cijfers/", figures.figures, name="figures"),
    *of_capacity(waiting=provider.waiting),
    path("taken/", nurse.tasks, name="tasks"),
    path("taken/<uuid:offer_id>/", nurse.task, name="task"),
    path("taken/<uuid:offer_id>/<slug:name>/", nurse.step, name="task_step"),
]

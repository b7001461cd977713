"""The whole map of addresses on one page."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter
from django.views.i18n import set_language

from capacity.api import bulk, changes, loads, units
from coordination.api import (
    aid,
    cases,
    enquiring,
    figures,
    handovers,
    offering,
    offers,
    plans,
    requests,
    shifts,
)
from lzc.api import docs
from lzc.api import ground as api
from lzc.api.door import Id, address
from lzc.web import appearance, kept, views

Map = list[URLPattern | URLResolver]

register_converter(Id, "id")

door: Map = [
    path("", views.home, name="home"),
    path("inloggen/", views.LogIn.as_view(), name="login"),
    path("uitloggen/", LogoutView.as_view(), name="logout"),
    path("rol/", views.membership, name="membership"),
    path("bewaard/", kept.kept_page, name="kept"),
    path("taal/", set_language, name="set_language"),
    path("weergave/", appearance.theme, name="theme"),
    path("toetsen/", appearance.keys, name="keys"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
]

CASE, REQUEST, OFFER = (
    "cases/<id:case_id>",
    "requests/<id:request_id>",
    "offers/<id:offer_id>",
)
HANDOVER, UNIT = "handovers/<id:handover_id>", "units/<id:unit_id>"

v1: Map = [
    path("cases", address(get=cases.cases, post=cases.register_case)),
    path("callers", address(post=cases.find_callers)),
    path(CASE, address(get=cases.case)),
    path(f"{CASE}/contacts", address(post=cases.add_contact)),
    path(f"{CASE}/triage", address(post=cases.add_triage)),
    path(f"{CASE}/deteriorate", address(post=cases.deteriorate)),
    path(f"{CASE}/notes", address(post=cases.add_note)),
    path(f"{CASE}/report", address(post=cases.report)),
    path(f"{CASE}/assessments", address(post=cases.assess)),
    path(f"{CASE}/redirect", address(post=cases.redirect)),
    path(f"{CASE}/redirect/confirm", address(post=cases.confirm_redirect)),
    path(f"{CASE}/handovers", address(post=cases.hand_over)),
    path(f"{CASE}/requests", address(post=cases.request_care)),
    path(f"{CASE}/close", address(post=cases.close_case)),
    path(f"{CASE}/reopen", address(post=cases.reopen_case)),
    path("decision-aid", address(get=aid.decision_aid)),
    path("open-places", address(post=enquiring.open_places)),
    path("open-request", address(post=enquiring.open_request)),
    path("handovers", address(get=handovers.handovers_to_me)),
    path(f"{HANDOVER}/accept", address(post=handovers.accept_handover)),
    path(f"{HANDOVER}/refuse", address(post=handovers.refuse_handover)),
    path(f"{HANDOVER}/withdraw", address(post=handovers.withdraw_handover)),
    path("requests", address(get=requests.requests)),
    path(REQUEST, address(get=requests.request)),
    path(f"{REQUEST}/candidates", address(get=requests.candidates)),
    path(f"{REQUEST}/submit", address(post=requests.submit_request)),
    path(f"{REQUEST}/take", address(post=requests.take_request)),
    path(f"{REQUEST}/take_over", address(post=requests.take_over_request)),
    path(f"{REQUEST}/pass_on", address(post=shifts.pass_on_request)),
    path("passings", address(get=shifts.passings)),
    path("passings/<id:passing_id>/accept", address(post=shifts.accept_passing)),
    path("passings/<id:passing_id>/offer-again", address(post=shifts.offer_passing_again)),
    path(f"{REQUEST}/wait", address(post=requests.let_request_wait)),
    path(f"{REQUEST}/hold", address(post=requests.hold_request)),
    path(f"{REQUEST}/resume", address(post=requests.resume_request)),
    path(f"{REQUEST}/amend", address(post=requests.amend_request)),
    path(f"{REQUEST}/widen", address(post=requests.widen_request)),
    path(f"{REQUEST}/cancel", address(post=requests.cancel_request)),
    path(f"{REQUEST}/offers", address(post=offering.make_offer)),
    path(f"{REQUEST}/cascade", address(post=offering.ask_in_order)),
    path(f"{REQUEST}/stop_cascade", address(post=offering.stop_asking_in_order)),
    path(f"{REQUEST}/book", address(post=offering.book)),
    path(f"{REQUEST}/escalate", address(post=plans.escalate_request)),
    path("plans", address(post=plans.make_plan)),
    path("plans/<id:plan_id>", address(get=plans.plan)),
    path("plans/<id:plan_id>/apply", address(post=plans.apply_plan)),
    path("offers", address(get=offers.offers)),
    path(OFFER, address(get=offers.offer)),
    path(f"{OFFER}/accept", address(post=offers.accept_offer)),
    path(f"{OFFER}/decline", address(post=offers.decline_offer)),
    path(f"{OFFER}/ask", address(post=offers.ask_back)),
    path(f"{OFFER}/reply", address(post=offers.reply)),
    path(f"{OFFER}/withdraw", address(post=offers.withdraw_offer)),
    path(f"{OFFER}/assign", address(post=offers.assign_offer)),
    path(f"{OFFER}/read_back", address(post=offers.read_back_offer)),
    path(f"{OFFER}/depart", address(post=offers.depart)),
    path(f"{OFFER}/start", address(post=offers.start)),
    path(f"{OFFER}/complete", address(post=offers.complete)),
    path(f"{OFFER}/fail", address(post=offers.fail)),
    path("figures", address(get=figures.figures)),
    path("units", address(get=units.units)),
    path(UNIT, address(get=units.unit)),
    path(f"{UNIT}/capacity", address(get=units.capacity, put=units.report_capacity)),
    path(f"{UNIT}/confirm", address(post=units.confirm_capacity)),
    path(f"{UNIT}/places", address(get=changes.places, post=units.release_places)),
    path(f"{UNIT}/releases", address(post=changes.plan_release)),
    path(f"{UNIT}/stops", address(get=changes.stops, post=changes.stop_admissions)),
    path(f"{UNIT}/reopen", address(post=changes.reopen_admissions)),
    path(f"{UNIT}/calls", address(get=changes.unit_calls, post=changes.write_down_call)),
    path(f"{UNIT}/link", address(post=changes.reminder_link)),
    path("places/<id:place_id>/call_off", address(post=changes.call_off_release)),
    path("places/<id:place_id>/clear", address(post=changes.clear_place)),
    path("capacity", address(put=bulk.report_capacities)),
    path("capacity/import", address(post=bulk.import_capacity)),
    path("emergency-departments", address(get=loads.emergency_departments)),
    path("emergency-departments/<id:organisation_id>/load", address(put=loads.report_load)),
    path("events", address(get=api.events)),
    path("subscriptions", address(get=api.subscriptions_of_mine, post=api.subscribe)),
    path("subscriptions/<id:subscription_id>", address(delete=api.unsubscribe)),
    path("desks", address(get=api.desks)),
    path("me", address(get=api.me)),
]

machines: Map = [
    path("api/v1/", include(v1)),
    path("api/schema/", docs.schema, name="schema"),
    path("api/docs/", docs.docs, name="docs"),
    re_path(r"^api/", api.Nowhere.as_view()),
]

handler400, handler500 = "lzc.api.problems.bad_request", "lzc.api.problems.server_error"
urlpatterns: Map = [*door, *machines, path("", include("coordination.urls"))]

"""The addresses of capacity: the planner's, the desk's, and the link of a reminder."""

from django.urls import URLPattern, path

from capacity.pages import desk, links, planner


def addresses(waiting: planner.Waiting) -> list[URLPattern]:
    """`waiting` comes from above: the offers that wait for an answer of this provider."""
    return [
        path("capaciteit/", planner.units, {"waiting": waiting}, name="capacity"),
        path("capaciteit/bevestigen", planner.confirm, name="capacity_confirm"),
        path("capaciteit/<uuid:unit_id>/gebeld", desk.called, name="capacity_called"),
        path("capaciteit/seh/<uuid:organisation_id>", desk.load, name="capacity_load"),
        path("capaciteit/plek/<uuid:place_id>/<slug:which>", planner.one_place, name="one_place"),
        path("klopt-nog/<str:token>/", links.answer, name="capacity_link"),
        path("capaciteit/<uuid:unit_id>/<slug:which>", planner.step, name="capacity_step"),
    ]

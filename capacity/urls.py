"""The addresses of the planner's capacity."""

from django.urls import URLPattern, path

from capacity import views


def addresses(waiting: views.Waiting) -> list[URLPattern]:
    """`waiting` comes from above: how many offers wait for an answer of this provider."""
    return [
        path("capaciteit/", views.units, {"waiting": waiting}, name="capacity"),
        path("capaciteit/bevestigen", views.confirm, name="capacity_confirm"),
        path("capaciteit/<uuid:unit_id>/<slug:which>", views.step, name="capacity_step"),
    ]

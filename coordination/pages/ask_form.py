"""A care request as a desk fills it in, from what its case knows already."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.pages.dossier import Dossier
from coordination.pages.fields import DeskForm, Line, Moment, words
from coordination.pages.forms import directory
from coordination.pages.rows import told_safely
from coordination.services import Ask
from lzc.models import Desk, Membership
from lzc.rights import OrganisationKind
from lzc.web.words import WORDS
from triage.urgency import Urgency, is_life_threatening

LONGEST_NEED = 200
CONSENTS = [(code, WORDS["consent"][code]) for code in ("given", "representative", "not_possible")]


class AskForm(DeskForm):
    """Which care, by when, with what; providers read the need before they know who it is."""

    care = forms.ChoiceField(
        label=_("Which care?"),
        choices=words("care"),
        widget=forms.RadioSelect(attrs={"look": "kaarten"}),
    )
    also = forms.MultipleChoiceField(
        label=_("Also acceptable"),
        choices=words("care"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    need = Line(
        label=_("What is needed, in one line"),
        longest=LONGEST_NEED,
        help_text=_("Providers read this before one is chosen: leave out who it is."),
    )
    requirements = forms.MultipleChoiceField(
        label=_("What a place must have"),
        choices=words("requirement"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    wishes = Line(label=_("Wishes"), longest=300, required=False)
    needed_by = Moment(
        label=_("Needed by"),
        required=False,
        help_text=_("Leave it empty to follow the urgency."),
    )
    urgency = forms.ChoiceField(label=_("Urgency"), required=False)
    callback = Line(label=_("Number for questions"), longest=20, required=False)
    consent = forms.ChoiceField(
        label=_("May providers be asked?"),
        choices=CONSENTS,
        widget=forms.RadioSelect(attrs={"look": "lijst"}),
    )
    desk = forms.TypedChoiceField(label=_("Which desk looks for it?"), coerce=UUID)
    layout = [
        (_("The care"), [["care"], ["also"], ["need"], ["requirements"], ["wishes"]]),
        (_("By when"), [["needed_by", "urgency"]]),
        (_("Agreements"), [["consent"], ["desk", "callback"]]),
    ]

    def __init__(self, *args: Any, desks: list[Desk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desks = {desk.pk: desk for desk in desks}
        desk: Any = self.fields["desk"]
        desk.choices = directory(desks)
        urgency: Any = self.fields["urgency"]
        calm = [u.value for u in Urgency if not is_life_threatening(u)]
        urgency.choices = [("", _("as triaged")), *((u, u) for u in calm)]

    def ask(self) -> Ask:
        data = self.cleaned_data
        types = list(dict.fromkeys([data["care"], *data["also"]]))
        return Ask(
            care_types=types,
            need=data["need"],
            desk=self.desks[data["desk"]],
            needed_by=data["needed_by"],
            urgency=data["urgency"],
            requirements=data["requirements"],
            wishes=data["wishes"],
            callback=data["callback"],
            consent=data["consent"],
        )


def looking_desks(by: Membership) -> list[Desk]:
    """Desks of the region that look for places: the coordination centres."""
    return [d for d in desks_of(by) if d.organisation.kind == OrganisationKind.ZCC]


def desks_of(by: Membership) -> list[Desk]:
    """The directory: every desk of the ROAZ region, its own region first."""
    region = by.organisation.region
    found = Desk.objects.filter(region=region.root_id) | Desk.objects.filter(
        region__parent=region.root_id
    )
    listed = found.select_related("organisation", "region__parent").order_by("name")
    return sorted(listed, key=lambda d: (d.organisation.kind, d.region_id != region.pk, d.name))


def from_case(dossier: Dossier, desks: list[Desk]) -> dict[str, Any]:
    """What the case knows of what is asked."""
    judged, by = dossier.judged, dossier.by
    own = [desk for desk in desks if desk.organisation_id == by.organisation_id]
    near = own or [desk for desk in desks if desk.region_id == dossier.case.region_id] or desks
    call = next((c.callback for c in dossier.contacts if c.callback), "")
    need = told_safely(judged.complaint, dossier.case.patient) if judged else ""
    return {
        "need": need[:LONGEST_NEED],
        "desk": str(near[0].pk) if near else "",
        "callback": call or dossier.case.owner.telephone,
    }

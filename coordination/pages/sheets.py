"""Every form of an opened case, in one table: what it asks, what it starts with, what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination import casework, handovers, services
from coordination.models import CareRequest, Handover, Offer
from coordination.pages import amend_form, forms, sbar, starts
from coordination.pages.dossier import Dossier
from coordination.pages.fields import DeskForm
from coordination.pages.opened import Fact
from coordination.pages.starts import Start
from coordination.sharing import waiting
from triage import services as triage
from triage.models import Case, TriageRecord

How = TriageRecord.How
Target = Case | CareRequest | Offer | Handover


@dataclass(frozen=True)
class Sheet:
    """`form`: from what was sent, or from a start. `run`: the verb, given what was filled in."""

    title: str | Promise
    submit: str | Promise
    done: str | Promise
    form: Callable[[HttpRequest, Start | None], Any]
    run: Callable[..., Any]
    start: Callable[[Dossier, Any], Start] = lambda dossier, target: {}
    #: What the form is about, beside what is known of the case.
    about: Callable[[Any], list[Fact]] = lambda target: []
    intro: str | Promise = ""
    icon: str = "check"


def plain(form: type[DeskForm], **more: Any) -> Callable[[HttpRequest, Start | None], DeskForm]:
    """A form that needs nothing but what was sent."""
    return lambda request, start: form(starts.sent(request), initial=start or {}, **more)


def value(name: str, verb: Callable[..., Any]) -> Callable[..., Any]:
    """A verb that takes one value of the form, under the same name."""
    return lambda pk, form, *, by: verb(pk, **{name: form.cleaned_data[name]}, by=by)


CASE: dict[str, Sheet] = {
    "note": Sheet(
        _("Note"),
        _("Save note"),
        _("The note is saved."),
        plain(forms.NoteForm),
        value("text", handovers.note),
        icon="square-pen",
    ),
    "contact": Sheet(
        _("New contact about this case"),
        _("Save the contact"),
        _("The contact is saved."),
        plain(forms.ContactForm),
        lambda pk, form, *, by: triage.add_contact(pk, contact=form.contact(), by=by),
        lambda dossier, target: {"kind": "call", "asked_by": "professional"},
        icon="phone",
    ),
    "triage": Sheet(
        _("Triage"),
        _("Save the triage"),
        _("The triage is saved."),
        starts.triage_form,
        starts.run_triage,
        starts.judged_before,
        icon="activity",
    ),
    "deteriorate": Sheet(
        _("The patient is getting worse"),
        _("Save and put requests on hold"),
        _("Judged again. What was asked and promised is on hold until somebody looks again."),
        starts.worse_form,
        lambda pk, form, *, by: casework.deteriorate(pk, judged=form.judged(), by=by),
        starts.worse_start,
        intro=_("Everything that is asked or promised waits until a desk has looked again."),
        icon="heart-pulse",
    ),
    "confirm_redirect": Sheet(
        _("What did 112 say?"),
        _("Save"),
        _("Saved what 112 does."),
        plain(forms.ConfirmForm),
        starts.confirm,
        icon="siren",
    ),
    "hand_over": Sheet(
        _("Hand over to another desk"),
        _("Offer the handover"),
        _("The handover is offered. Until the other desk takes over, the case is yours."),
        starts.hand_over_form,
        lambda pk, form, *, by: handovers.hand_over(
            pk, to_desk=form.desk(), sbar=form.sbar(), by=by
        ),
        starts.hand_over_start,
        intro=_("Written from what the case knows. Read it over and add what is missing."),
        icon="arrow-right",
    ),
    "ask": Sheet(
        _("Ask for care"),
        _("Send the request"),
        _("The request is sent."),
        starts.ask_form,
        lambda pk, form, *, by: services.request(pk, ask=form.ask(), by=by),
        starts.ask_start,
        icon="send",
    ),
    "close": Sheet(
        _("Close the case"),
        _("Close the case"),
        _("The case is closed."),
        plain(forms.EndForm),
        value("reason", casework.close_case),
    ),
}
REQUEST: dict[str, Sheet] = {
    "wait": Sheet(
        _("Put on the waiting list"),
        _("Put on the waiting list"),
        _("The request is on the waiting list."),
        plain(forms.WaitForm),
        lambda pk, form, *, by: services.wait(
            pk, interim_plan=form.cleaned_data["interim_plan"], watch=form.watch(), by=by
        ),
        starts.waits,
        starts.the_request,
        icon="clock",
    ),
    "escalate": Sheet(
        _("Call somebody higher up"),
        _("I am calling"),
        _("It is written down whom you called."),
        plain(forms.EscalateForm),
        value("to", waiting.escalate),
        about=starts.ladder,
        icon="phone-call",
    ),
    "cancel": Sheet(
        _("Withdraw the request"),
        _("Withdraw the request"),
        _("The request is withdrawn. Every place that was held is free again."),
        plain(forms.CancelForm, why=forms.NOT_PLACED),
        lambda pk, form, *, by: services.cancel(pk, **form.cleaned_data, by=by),
        starts.found_so_far,
        starts.the_request,
        icon="x",
    ),
}
REQUEST["amend"] = Sheet(
    _("Change what is asked"),
    _("Save"),
    _("Changed. Who was asked already reads it as it is now."),
    plain(amend_form.AmendForm),
    amend_form.run,
    amend_form.start,
    starts.the_request,
    icon="square-pen",
)
REQUEST["book"] = Sheet(
    _("Book this place"),
    _("Book"),
    _("Booked. The provider is told now, and sees the file and your handover."),
    starts.book_form,
    lambda pk, form, *, by: services.book(
        pk, unit_id=form.cleaned_data["unit"], sbar=form.sbar_text(), by=by
    ),
    lambda dossier, target: sbar.sbar(dossier, target),
    starts.the_request,
    _("This unit lets you book. Name and file open to it at once."),
    icon="user-check",
)
OFFER: dict[str, Sheet] = {
    "reply": Sheet(
        _("Answer the provider"),
        _("Answer"),
        _("Your answer is sent; the clock goes on."),
        plain(forms.ReplyForm),
        value("reply", services.reply),
        about=starts.the_offer,
        icon="send",
    ),
    "assign": Sheet(
        _("Assign"),
        _("Assign"),
        _("Assigned. The provider now sees the file and your handover."),
        plain(forms.SbarForm),
        lambda pk, form, *, by: services.assign(pk, sbar=form.cleaned_data, by=by),
        lambda dossier, target: sbar.sbar(dossier, target.request),
        starts.the_offer,
        _("Name and file open to this provider, and close for the others."),
        icon="user-check",
    ),
}
HANDOVER: dict[str, Sheet] = {
    "accept": Sheet(
        _("Take over"),
        _("Take over"),
        _("You took this case over. It is yours now."),
        plain(forms.ReadBackForm),
        value("read_back", handovers.accept),
        about=starts.the_handover,
        icon="check-check",
    ),
    "refuse": Sheet(
        _("Cannot take over"),
        _("Refuse"),
        _("You refused the handover. The other desk keeps the case."),
        plain(forms.ReasonForm),
        value("reason", handovers.refuse),
        about=starts.the_handover,
        icon="x",
    ),
}

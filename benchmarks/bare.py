"""The floor of a request: a bare DRF view with a token, on the same server as LZC's own."""

import hashlib
import json
import uuid
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coordination.models import CareRequest, Offer
from lzc.models import ApiClient, Desk, PostalArea
from lzc.urls import urlpatterns as whole_map
from triage.models import Case, Contact, Involvement, Patient, TriageRecord

NEAREST = """
SELECT unit_id, point(x, y) <-> point(%(x)s, %(y)s) FROM capacity_place
WHERE root = %(root)s AND state = 'free' AND care_type = 'elv_laag'
ORDER BY point(x, y) <-> point(%(x)s, %(y)s) LIMIT 10
"""
HOLD = """
UPDATE capacity_place SET state = 'held', held_by = %s WHERE id = (
    SELECT id FROM capacity_place WHERE unit_id = %s AND state = 'free' LIMIT 1
    FOR UPDATE SKIP LOCKED
) RETURNING id
"""


class Token(BaseAuthentication):
    """As DRF's own TokenAuthentication: one look-up, nothing else."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        _, prefix, secret = request.headers["Authorization"].removeprefix("Bearer ").split("_", 2)
        client = ApiClient.objects.get(prefix=prefix)
        if bytes(client.key_hash) != hashlib.sha256(secret.encode()).digest():
            raise AuthenticationFailed
        return client, None


class Bare(APIView):
    authentication_classes = (Token,)
    permission_classes = (IsAuthenticated,)
    parser_classes = (JSONParser,)

    def post(self, request: Request) -> Response:
        return Response({"got": len(json.dumps(request.data))}, status=201)


class Flow(APIView):
    """Somebody is taken in, the nearest free place is found and held: the rows and no more. No
    check, no log, no rights, no idempotency."""

    authentication_classes = (Token,)
    permission_classes = (IsAuthenticated,)
    parser_classes = (JSONParser,)

    def post(self, request: Request) -> Response:
        said: dict[str, Any] = request.data
        with transaction.atomic():
            area = PostalArea.objects.get(pk=int(said["patient"]["postcode"][:4]))
            case = self._case(said, area)
            asked = CareRequest.objects.create(
                case=case,
                patient_id=case.patient_id,
                kind="placement",
                care_types=said["request"]["care_types"],
                urgency=said["triage"]["urgency"],
                needed_by=Now(),
                need=said["request"]["need"],
                pc4=area.pk,
                requester_id=request.user.organisation_id,
                requested_by=request.user.pk,
                consent="given",
                desk_id=said["desk"],
                state="searching",
            )
            offer, found = uuid.uuid4(), None
            with connection.cursor() as cursor:
                cursor.execute(NEAREST, {"root": said["root"], "x": area.x, "y": area.y})
                for unit, _metres in cursor.fetchall():
                    cursor.execute(HOLD, [offer, unit])
                    if found := cursor.fetchone():
                        break
            Offer.objects.create(
                id=offer,
                request=asked,
                unit_id=unit,
                place_id=found[0],
                profile={"urgency": asked.urgency},
                visible_from=Now(),
                answer_before=Now(),
            )
        return Response({"id": str(case.pk), "offer": str(offer)}, status=201)

    def _case(self, said: dict[str, Any], area: PostalArea) -> Case:
        who = said["patient"]
        known = {name: who[name] for name in ("name", "birth_date", "sex", "address", "telephone")}
        patient = Patient.objects.create(**known, postcode=who["postcode"], town=area.town)
        case = Case.objects.create(patient=patient, region_id=said["region"], owner_id=said["desk"])
        desk = Desk.objects.only("organisation").get(pk=said["desk"])
        Involvement.objects.create(
            case=case, organisation_id=desk.organisation_id, desk=desk, kind="owner"
        )
        Contact.objects.create(
            case=case,
            organisation_id=desk.organisation_id,
            actor=desk.pk,
            kind="call",
            asked_by="professional",
            text=said["contact"]["text"],
            occurred_at=Now(),
        )
        TriageRecord.objects.create(
            case=case,
            organisation_id=desk.organisation_id,
            actor=desk.pk,
            number=1,
            how="new",
            urgency=said["triage"]["urgency"],
            complaint=said["triage"]["complaint"],
        )
        return case


def page(request: HttpRequest) -> HttpResponse:
    """Nothing, through all the middleware that a page of LZC comes through."""
    return HttpResponse("<!doctype html><title>leeg</title>")


urlpatterns = [
    path("bench/bare", Bare.as_view()),
    path("bench/page", page),
    path("bench/flow", Flow.as_view()),
    *whole_map,
]

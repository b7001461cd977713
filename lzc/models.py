"""The ground floor: regions, organisations, desks, people, machines, and the two logs."""

import time
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from lzc.errors import N_, NotAllowed
from lzc.policy import DEFAULTS, Rules, merged
from lzc.rights import DUTIES, STEERING, WITHOUT_RECORD, Duty, OrganisationKind, Role

#: A region's rules change a few times a year; they are read again after this many seconds.
RULES_FOR = 1.0
_rules: dict[uuid.UUID, tuple[float, Rules]] = {}


class Region(models.Model):
    """A node of the tree: a ROAZ region, or a subregion of one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def root_id(self) -> uuid.UUID:
        return self.parent_id or self.pk

    def rules(self) -> Rules:
        """What holds here: the newest policy of the ROAZ region, refined by the subregion's."""
        until, rules = _rules.get(self.pk, (0.0, None))
        if rules is None or time.monotonic() > until:
            rules = rules_of([self])[self.pk]
            _rules[self.pk] = (time.monotonic() + RULES_FOR, rules)
        return rules


def rules_of(regions: Iterable[Region]) -> dict[uuid.UUID, Rules]:
    """What holds in each of these now, read in one query; `Region.rules` remembers its own."""
    nodes = {region.pk: [n for n in (region.parent_id, region.pk) if n] for region in regions}
    wanted = {node for pair in nodes.values() for node in pair}
    newest = Policy.objects.filter(region_id__in=wanted, since__lte=Now())
    newest = newest.order_by("region_id", "-version").distinct("region_id")
    own = {policy.region_id: policy for policy in newest.select_related("region")}
    return {pk: _layered([own[node] for node in pair if node in own]) for pk, pair in nodes.items()}


def regions_alike(*names: str) -> list[tuple[Rules, list[uuid.UUID]]]:
    """All regions, put together where these rules say the same: few sets, however many regions."""
    alike: dict[tuple[object, ...], tuple[Rules, list[uuid.UUID]]] = {}
    for region, rules in rules_of(Region.objects.all()).items():
        said = tuple(getattr(rules, name) for name in names)
        alike.setdefault(said, (rules, []))[1].append(region)
    return list(alike.values())


def _layered(layers: "list[Policy]") -> Rules:
    """From the widest region to the narrowest, and which versions these are."""
    return merged(
        (policy.values for policy in layers),
        version="+".join([DEFAULTS, *(f"{p.region.slug}@{p.version}" for p in layers)]),
    )


class Policy(models.Model):
    """One version of a region's own rules, which hold from `since`. Rows are added, not changed."""

    region = models.ForeignKey(Region, models.PROTECT)
    version = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "version"], name="policy_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region} v{self.version}"


class PostalArea(models.Model):
    """A four-digit postcode: where it lies, in the national grid (RD, metres) and on the globe."""

    pc4 = models.PositiveSmallIntegerField(primary_key=True)
    town = models.CharField(max_length=80)
    region = models.ForeignKey(Region, models.PROTECT)
    x = models.IntegerField()
    y = models.IntegerField()
    lat = models.FloatField()
    lon = models.FloatField()

    class Meta:  # The first of a town says where a desk stands: asked in every ranking.
        indexes: ClassVar = [models.Index(fields=["town", "pc4"], name="area_of_town")]

    def __str__(self) -> str:
        return f"{self.pc4} {self.town}"


class Boundary(models.Model):
    """The outline of an area as an office drew it, for the map. Read in by `import_areas`."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="boundaries")
    name = models.CharField(max_length=80)
    #: Polygons, each of rings (the first around it, the others holes), of [x, y] in RD metres.
    shape = models.JSONField()
    source = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in OrganisationKind])
    region = models.ForeignKey(Region, models.PROTECT)
    town = models.CharField(max_length=80, blank=True)
    agb_code = models.CharField(max_length=8, blank=True)
    ura = models.CharField(max_length=8, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def keeps_records(self) -> bool:
        """Whether it may read a record and use a BSN. Who only serves (Wmo) may not."""
        return str(self.kind) not in WITHOUT_RECORD


class Desk(models.Model):
    """Where a case can be owned: a counter with a telephone. An ELV house is not a desk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="desks")
    region = models.ForeignKey(Region, models.PROTECT)
    name = models.CharField(max_length=120)
    telephone = models.CharField(max_length=20)
    opening_hours = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person. What they may do follows from the membership they act in, not from the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    full_name = models.CharField(max_length=120)
    #: Whether one key does something on a page: not for who dictates, or often presses one amiss.
    single_keys = models.BooleanField(default=True, db_default=True)

    def __str__(self) -> str:
        return self.full_name or self.username


class Actor:
    """Who does something: a membership, a machine client or the clock. Doors hand one to verbs."""

    kind: ClassVar[str]
    pk: Any
    organisation_id: uuid.UUID | None
    desk_id: uuid.UUID | None
    duties: frozenset[Duty]

    def has(self, duty: Duty) -> bool:
        return duty in self.duties

    @property
    def workplace(self) -> uuid.UUID:
        """The organisation in whose name it is done; the clock has none, and does no such work."""
        if self.organisation_id is None:
            raise NotAllowed(N_("This is not yours to do."), code="not_yours")
        return self.organisation_id

    @property
    def roaz(self) -> uuid.UUID | None:
        """The ROAZ region it works in."""
        return None

    @property
    def keeps_records(self) -> bool:
        """Whether it may read of patients. Who only serves may not, and the clock does not."""
        return False

    @property
    def hears(self) -> list[uuid.UUID]:
        """The audiences this actor belongs to: its organisation and, when it steers, the region."""
        return [self.organisation_id] if self.organisation_id and self.duties else []


class _ClockActor(Actor):
    kind = "clock"
    pk = uuid.UUID(int=0)
    organisation_id = None
    desk_id = None
    duties = frozenset()

    def __str__(self) -> str:
        return "clock"


#: The actor of what time does. It belongs to no organisation, so it sees nothing.
CLOCK = _ClockActor()


class _AtOrganisation(Actor):
    """What a membership and a machine client share."""

    organisation: Organisation

    @property
    def roaz(self) -> uuid.UUID:
        return self.organisation.region.root_id

    @property
    def keeps_records(self) -> bool:
        return self.organisation.keeps_records

    @property
    def hears(self) -> list[uuid.UUID]:
        own = super().hears
        if Duty.DESK in self.duties and self.organisation.kind in STEERING:
            return [*own, self.roaz]
        return own


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=Now()), since__lte=Now())

    def acting(self) -> "MembershipQuerySet":
        """With everything a verb asks of its actor, in one query."""
        return self.active().select_related(
            "user", "organisation__region__parent", "desk__region__parent"
        )


class Membership(_AtOrganisation, models.Model):
    """A person at work: user × organisation × role, at a desk when the work is done at one."""

    kind = "membership"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(r, r) for r in Role])
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, blank=True)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.organisation})"

    @property
    def duties(self) -> frozenset[Duty]:  # type: ignore[override]
        return DUTIES[Role(self.role)]


class ApiClient(_AtOrganisation, models.Model):
    """A machine of an organisation. Only a hash of its key is kept."""

    kind = "client"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="clients")
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=12, choices=[(d, d) for d in Duty]))
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    #: DRF asks this of whoever is logged in.
    is_authenticated = True

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})"

    @property
    def duties(self) -> frozenset[Duty]:  # type: ignore[override]
        return frozenset(Duty(scope) for scope in self.scopes)


class WallToken(_AtOrganisation, models.Model):
    """A screen on a wall of an organisation. It has no duties, so no row is visible to it:
    what it may show is counted for it (`coordination.pages.wall`). Only a hash is kept.
    """

    kind = "wall"
    desk_id = None
    duties = frozenset()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="walls")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.BinaryField(max_length=32)
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation})"


class LogCounter(models.Model):
    """One row. Taken as the last statement of an act: numbers follow commits and have no gaps."""

    n = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="logcounter_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.n)


class EventQuerySet(models.QuerySet["Event"]):
    def after(self, number: int) -> "EventQuerySet":
        return self.filter(number__gt=number).order_by("number")

    def visible_to(self, actor: Actor) -> "EventQuerySet":
        return self.filter(audience__overlap=actor.hears) if actor.hears else self.none()


class Event(models.Model):
    """One fact. Says what changed, never the new state; ids only, never a word about a patient."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    type = models.CharField(max_length=60)
    subject = models.UUIDField()
    actor_kind = models.CharField(max_length=12)
    actor = models.UUIDField()
    organisation = models.UUIDField(null=True)
    audience = ArrayField(models.UUIDField())
    ids = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["audience"], name="event_audience"),
            models.Index(fields=["subject", "number"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.type}"

    def message(self) -> dict[str, Any]:
        """What a socket, a webhook and `GET /events` tell of it."""
        return {
            "number": self.number,
            "type": self.type,
            "subject": str(self.subject),
            "ids": self.ids,
            "at": self.at.isoformat(),
        }


class Action(models.TextChoices):
    """What was done with patient data, in the words of NEN 7513."""

    CREATE = "create"
    READ = "read"
    LIST = "list"
    UPDATE = "update"
    SEARCH = "search"
    EXPORT = "export"
    PRINT = "print"
    REFUSED = "refused"


class AccessRecord(models.Model):
    """Who looked at whom, why, through which door, and whether it was granted (NEN 7513)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_default=Now())
    action = models.CharField(max_length=10, choices=Action.choices)
    ground = models.CharField(max_length=24)
    actor_kind = models.CharField(max_length=12)
    actor = models.UUIDField()
    user = models.UUIDField(null=True)
    organisation = models.UUIDField(null=True)
    role = models.CharField(max_length=24, blank=True)
    patients = ArrayField(models.UUIDField(), default=list)
    subject = models.CharField(max_length=120, blank=True)
    door = models.CharField(max_length=60, blank=True)
    access_point = models.CharField(max_length=45, blank=True)
    #: Why it is more sensitive than other care: "wzd", about somebody who may be locked in.
    sensitivity = models.CharField(max_length=12, blank=True)
    #: Of a search: its terms, keyed-hashed. Of a refusal: the code.
    detail = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["patients"], name="access_patients"),
            models.Index(fields=["organisation", "at"], name="access_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.action} {self.subject}"


class IdempotencyKey(models.Model):
    """What was answered to a question, so that asking it again does nothing twice."""

    pk = models.CompositePrimaryKey("actor", "key")
    actor = models.UUIDField()
    key = models.CharField(max_length=80)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    #: The very text: a repeat gets the same bytes.
    body = models.TextField(db_default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="idempotency_at")]

    def __str__(self) -> str:
        return self.key


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> "SubscriptionQuerySet":
        """Not ended, and neither is the key or the membership that it was made with."""
        return self.filter(
            Q(client=None) | Q(client__revoked_at=None, client__expires_at__gt=Now()),
            Q(membership=None) | Q(membership__until=None) | Q(membership__until__gt=Now()),
            active=True,
        )


class Subscription(models.Model):
    """An organisation's wish to be told of events by a signed POST, from its own cursor on.

    It is told what its maker hears, for as long as its maker may hear anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    #: Who made it: one of these two.
    client = models.ForeignKey(ApiClient, models.PROTECT, null=True, blank=True)
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True)
    url = models.URLField()
    secret = models.CharField(max_length=64)
    cursor = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    active = models.BooleanField(default=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(active=True), name="subscription_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(client=None) ^ Q(membership=None), name="subscription_one_maker"
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def hears(self) -> list[uuid.UUID]:
        maker = self.client or self.membership
        return maker.hears if maker else []


class Delivery(models.Model):
    """One attempt to tell a subscriber, kept for its owner to read."""

    subscription = models.ForeignKey(Subscription, models.CASCADE)
    event = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.event} → {self.subscription}: {self.status or self.error}"

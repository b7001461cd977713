"""Who may do what kind of work: roles of people, scopes of machines, one vocabulary. Pure."""

from enum import StrEnum


class Duty(StrEnum):
    """A kind of work. A role has duties; the scope of an API key is a duty as well."""

    DESK = "desk"  # take in, triage, own and hand over cases
    ASK = "ask"  # ask for care: a care request
    ANSWER = "answer"  # answer offers, keep capacity true
    VISIT = "visit"  # go to the patient and report


class Role(StrEnum):
    """What somebody is at an organisation; one person may be more, one at a time."""

    CENTRALIST = "centralist"
    TRIAGIST = "triagist"
    COORDINATOR = "coordinator"
    WIJKVERPLEEGKUNDIGE = "wijkverpleegkundige"
    HUISARTS = "huisarts"
    PLANNER = "planner"
    ADVISER = "adviser"  # ROAZ: figures only, never a patient
    SECURITY = "security"  # proves who saw what; never a patient


DUTIES: dict[Role, frozenset[Duty]] = {
    Role.CENTRALIST: frozenset({Duty.DESK, Duty.ASK}),
    Role.TRIAGIST: frozenset({Duty.DESK, Duty.ASK}),
    Role.COORDINATOR: frozenset({Duty.DESK, Duty.ASK}),
    Role.WIJKVERPLEEGKUNDIGE: frozenset({Duty.DESK, Duty.ASK, Duty.ANSWER, Duty.VISIT}),
    Role.HUISARTS: frozenset({Duty.DESK, Duty.ASK}),
    Role.PLANNER: frozenset({Duty.ANSWER}),
    Role.ADVISER: frozenset(),
    Role.SECURITY: frozenset(),
}


class OrganisationKind(StrEnum):
    MELDKAMER = "meldkamer"
    HAP = "hap"
    ZCC = "zcc"
    HUISARTS = "huisarts"
    WIJKVERPLEGING = "wijkverpleging"
    VVT = "vvt"  # nursing home: ELV, GRZ, temporary Wlz stay
    ZIEKENHUIS = "ziekenhuis"
    GGZ = "ggz"
    GEMEENTE = "gemeente"  # Wmo: serves, and never sees a record
    ROAZ = "roaz"


#: Who may be asked to serve, and gets the handover it needs for that, but no record and no BSN.
WITHOUT_RECORD = frozenset({OrganisationKind.GEMEENTE})
#: Organisations that steer the region: they hear of every change in capacity.
STEERING = frozenset({OrganisationKind.MELDKAMER, OrganisationKind.HAP, OrganisationKind.ZCC})
#: Organisations that ask for care and neither search nor give it: what they see of providers
#: before one is chosen is for the region to say (`Rules.requester_sees`).
ASKING = frozenset({OrganisationKind.HUISARTS, OrganisationKind.ZIEKENHUIS})

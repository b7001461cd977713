"""What a place or a team can have, and a request may ask for: one vocabulary for both. Pure."""

from enum import StrEnum


class Attribute(StrEnum):
    """No free words: a provider reads them before it may know who the patient is."""

    TRANSFER_1 = "transfer_1"  # help of one person with getting up and lying down
    TRANSFER_2 = "transfer_2"
    ANTICOAGULATION = "anticoagulation"
    INSULIN = "insulin"
    OXYGEN = "oxygen"
    CATHETER = "catheter"  # or a stoma
    WANDERING = "wandering"  # confused, walks about
    ISOLATION = "isolation"  # of whatever kind
    ISOLATION_CONTACT = "isolation_contact"
    ISOLATION_STRICT = "isolation_strict"
    SINGLE_ROOM = "single_room"
    WOMEN = "women"  # in a room for women
    MEN = "men"
    BARIATRIC = "bariatric"
    HOIST = "hoist"
    IV_ANTIBIOTICS = "iv_antibiotics"
    PUMP = "pump"  # for medication
    TUBE_FEEDING = "tube_feeding"
    VAC = "vac"  # vacuum wound therapy
    PERITONEAL_DIALYSIS = "peritoneal_dialysis"
    TRACHEOSTOMY = "tracheostomy"
    CLOSED_WARD = "closed_ward"  # Wzd: only with a legal ground

"""What is going on in the demo when it opens: made-up patients, each in another state.

Each story goes through the verbs, so that the log and the access records say who did what.
The burgerservicenummers are from the range for tests; most people have none, as at night.
"""

from datetime import timedelta

from django.utils import timezone

from coordination import services
from coordination.demo.stage import Stage, born
from coordination.handovers import Sbar
from triage.services import PatientIn, TriageIn

HOURS = timedelta(hours=1)
#: A request must still be possible when it is made; it is late as soon as somebody looks.
AT_ONCE = timedelta(seconds=2)


def new_request(stage: Stage) -> None:
    """A huisarts asked a minute ago; nobody at the desk picked it up yet."""
    patient = PatientIn(
        bsn="999900006", name="Trijntje Hamersma", birth_date=born("1938-05-02"), sex="female",
        address="Vlinderhof 14", postcode="8014KC", telephone="0600000101",
    )  # fmt: skip
    judged = TriageIn(urgency="U4", complaint="Kan na een blaasontsteking niet zelf uit bed.")
    case = stage.taken_in("huisarts.linde", patient, judged, text="Visite aan huis.")
    stage.asked(
        "huisarts.linde", case, "elv_laag", "Herstel na infectie, hulp bij opstaan en wassen.",
        desk="brug", within=5 * HOURS, requirements=("transfer_1", "insulin"),
    )  # fmt: skip


def offer_waiting(stage: Stage) -> None:
    """Two houses were asked; their planners have an offer in their inbox."""
    patient = PatientIn(
        bsn="999900018", name="Gerrit van Oldeboom", birth_date=born("1934-11-19"), sex="male",
        address="Korte Kade 3", postcode="8262BN", telephone="0600000102",
    )  # fmt: skip
    judged = TriageIn(urgency="U4", complaint="Valt thuis, mantelzorger ligt in het ziekenhuis.")
    case = stage.taken_in("huisarts.hagel", patient, judged, text="Spreekuur.", minutes_ago=70)
    request = stage.asked(
        "huisarts.hagel", case, "elv_laag", "Verzwakt na griep, alleen thuis, loopt met rollator.",
        desk="brug", within=4 * HOURS, requirements=("transfer_1",), wishes="Graag dicht bij huis.",
    )  # fmt: skip
    for house in ("wolkenveld", "rietvink"):
        stage.offered("coordinator.brug", request, house)


def handover_waiting(stage: Stage) -> None:
    """The meldkamer hands a fall over to the huisartsenpost, which has not answered yet."""
    patient = PatientIn(
        name="Sjoukje Dellebarre", birth_date=born("1945-01-27"), sex="female",
        address="Populierenpad 8", postcode="8021RT", telephone="0600000103",
    )  # fmt: skip
    judged = TriageIn(urgency="U4", complaint="Gevallen, pijnlijke pols, zit nu op een stoel.")
    case = stage.taken_in("centralist.kievit", patient, judged, text="Belt zelf 112.", citizen=True)
    sbar = Sbar(
        situation="Gevallen in de keuken, pijnlijke pols, verder helder.",
        background="Woont alleen. Slikt bloedverdunners.",
        assessment="Vitaal stabiel, geen ambulance nodig.",
        recommendation="Graag vannacht laten beoordelen.",
    )
    stage.handed_over("centralist.kievit", case, "ooievaar", sbar)


def waiting_list(stage: Stage) -> None:
    """Nothing fits now; until then the home-care team looks in."""
    patient = PatientIn(
        bsn="999900031", name="Hendrikje Zandscholten", birth_date=born("1931-08-08"),
        sex="female", address="Brink 21", postcode="7772DA", telephone="0600000104",
    )  # fmt: skip
    judged = TriageIn(urgency="U5", complaint="Verward en onrustig in de nacht, valt vaak.")
    case = stage.taken_in("huisarts.veldmuis", patient, judged, text="Visite.", minutes_ago=200)
    request = stage.asked(
        "huisarts.veldmuis", case, "elv_hoog", "Delier in herstel, dwaalt, toezicht dag en nacht.",
        desk="brug", within=20 * HOURS, requirements=("wandering", "transfer_2"),
    )  # fmt: skip
    stage.do("coordinator.brug", services.take, request.pk)
    plan = "Dochter slaapt vannacht bij haar. De wijkverpleging belt om 22:00 en om 07:00."
    stage.do("coordinator.brug", services.wait, request.pk, interim_plan=plan)


def late(stage: Stage) -> None:
    """A visit at home that should have started by now."""
    patient = PatientIn(
        name="Wolter Nijkampen", birth_date=born("1950-03-30"), sex="male",
        address="Essenlaan 77", postcode="7731GX", telephone="0600000105",
    )  # fmt: skip
    judged = TriageIn(urgency="U3", complaint="Katheter verstopt, pijn in de onderbuik.")
    case = stage.taken_in("triagist.ekster", patient, judged, text="Belt de post.", minutes_ago=240)
    building = timezone.now() - stage.now  # how long the demo took until here
    stage.asked(
        "triagist.ekster", case, "wijkverpleging", "Verblijfskatheter doorspoelen of wisselen.",
        desk="vuurtoren", within=building + AT_ONCE, requirements=("catheter",),
    )  # fmt: skip


def nurse_at_work(stage: Stage) -> None:
    """The night team was chosen; its nurse still has to read the handover back."""
    patient = PatientIn(
        name="Alida Morsink", birth_date=born("1947-12-12"), sex="female",
        address="Waterlelie 5", postcode="8031ZP", telephone="0600000106",
        access_notes="Sleutelkastje naast de deur, code bij de zorgcentrale.",
    )  # fmt: skip
    judged = TriageIn(urgency="U3", complaint="Uit bed gegleden, niet bezeerd, komt niet overeind.")
    case = stage.taken_in("coordinator.vuurtoren", patient, judged, text="Alarmknop ingedrukt.")
    request = stage.asked(
        "coordinator.vuurtoren", case, "wijkverpleging", "Helpen opstaan en kijken of het kan.",
        desk="vuurtoren", within=1 * HOURS, requirements=("transfer_1",),
    )  # fmt: skip
    offer = stage.offered("coordinator.vuurtoren", request, "zilverdraad", 1)
    stage.do("wijkverpleegkundige.zilverdraad", services.accept, offer.pk)
    sbar = {
        "situation": "Ligt naast het bed, aanspreekbaar, geen pijn.",
        "background": "Hartfalen, woont alleen, sleutelkastje.",
        "recommendation": "Overeind helpen, pols en bloeddruk meten, terugbellen.",
    }
    stage.do("coordinator.vuurtoren", services.assign, offer.pk, sbar=sbar)


def promised(stage: Stage) -> None:
    """One house promised a place, another has not answered: the coordinator can choose."""
    patient = PatientIn(
        name="Berend Ravenswoud", birth_date=born("1936-06-17"), sex="male",
        address="Meidoornplein 40", postcode="8019HH", telephone="0600000107",
    )  # fmt: skip
    judged = TriageIn(urgency="U4", complaint="Wondroos aan het been, kan niet staan.")
    case = stage.taken_in("huisarts.esdoorn", patient, judged, text="Visite.", minutes_ago=110)
    request = stage.asked(
        "huisarts.esdoorn", case, "elv_laag", "Been hoog, antibiotica via de mond, hulp bij alles.",
        desk="brug", within=3 * HOURS, requirements=("transfer_1",),
    )  # fmt: skip
    first = stage.offered("coordinator.brug", request, "veenlicht")
    stage.offered("coordinator.brug", request, "boterbloem")
    stage.do("planner.veenlicht", services.accept, first.pk)


def unknown_person(stage: Stage) -> None:
    """Nobody knows who he is: a temporary identity, no burgerservicenummer."""
    patient = PatientIn(
        estimated_age=70, sex="male", postcode="7411", access_notes="Bij de balie van het station."
    )
    judged = TriageIn(urgency="U3", complaint="Verward, koud, weet zijn naam niet.")
    stage.taken_in("triagist.fuut", patient, judged, text="Conducteur belt de post.")


def needs_physician(stage: Stage) -> None:
    """U2: nothing is matched until it is recorded which physician confirmed that."""
    patient = PatientIn(
        name="Cornelis Bramerveld", birth_date=born("1941-02-14"), sex="male",
        address="Heideweg 112", postcode="7316KL", telephone="0600000108",
    )  # fmt: skip
    judged = TriageIn(urgency="U2", complaint="Koorts en snelle ademhaling na longontsteking.")
    case = stage.taken_in("triagist.specht", patient, judged, text="Dochter belt.", minutes_ago=8)
    stage.asked(
        "triagist.specht", case, "elv_hoog", "Longontsteking, zuurstof, kan niet alleen blijven.",
        desk="knoop", within=1 * HOURS, requirements=("oxygen",),
    )  # fmt: skip


def declined(stage: Stage) -> None:
    """One house said no, and why; the desk looks further."""
    patient = PatientIn(
        name="Jannetje Kolkwijk", birth_date=born("1940-09-03"), sex="female",
        address="Sparrenstraat 9", postcode="7325MV", telephone="0600000109",
    )  # fmt: skip
    judged = TriageIn(urgency="U4", complaint="Gebroken arm, kan zich niet verzorgen.")
    case = stage.taken_in("huisarts.bosuil", patient, judged, text="Visite.", minutes_ago=150)
    request = stage.asked(
        "huisarts.bosuil", case, "elv_laag", "Arm in gips, hulp bij alles, twee personen nodig.",
        desk="knoop", within=6 * HOURS, requirements=("transfer_1",),
    )  # fmt: skip
    offer = stage.offered("coordinator.knoop", request, "herfstdraad")
    stage.do("planner.herfstdraad", services.decline, offer.pk, reason="no_staff")


def limburg_offer_waiting(stage: Stage) -> None:
    """In Limburg too, a planner has an offer in the inbox."""
    patient = PatientIn(
        name="Mia Bergsteijn", birth_date=born("1937-04-21"), sex="female",
        address="Schachtweg 30", postcode="6416PL", telephone="0600000110",
    )  # fmt: skip
    judged = TriageIn(urgency="U4", complaint="Heup gekneusd na een val, kan niet lopen.")
    case = stage.taken_in("huisarts.koepel", patient, judged, text="Visite.", minutes_ago=60)
    request = stage.asked(
        "huisarts.koepel", case, "elv_laag", "Kneuzing, oefent lopen, hulp bij wassen.",
        desk="mijnlamp", within=5 * HOURS, requirements=("transfer_1",),
    )  # fmt: skip
    stage.offered("coordinator.mijnlamp", request, "houtvuur")


def limburg_new_request(stage: Stage) -> None:
    """Asked by the huisartsenpost, not yet picked up."""
    patient = PatientIn(
        name="Sjaak Dormansberg", birth_date=born("1943-07-07"), sex="male",
        address="Marktveld 2", postcode="6421GB", telephone="0600000111",
    )  # fmt: skip
    judged = TriageIn(urgency="U3", complaint="Suiker ontregeld, vergeet te spuiten.")
    case = stage.taken_in("triagist.merel", patient, judged, text="Buurvrouw belt de post.")
    stage.asked(
        "triagist.merel", case, "wijkverpleging", "Vier keer per dag insuline, vanavond beginnen.",
        desk="mijnlamp", within=2 * HOURS, requirements=("insulin",),
    )  # fmt: skip


def tourist_with_112(stage: Stage) -> None:
    """Life threat: the meldkamer has it, and has not yet confirmed. Nothing is matched."""
    patient = PatientIn(
        no_bsn="non_resident", foreign_id="EHIC DE 0000 1111", name="Klaus Mustermann",
        birth_date=born("1958-10-10"), sex="male", postcode="6301",
        access_notes="Hotelkamer 12. Spreekt Duits.",
    )  # fmt: skip
    judged = TriageIn(urgency="U1", complaint="Pijn op de borst, grauw, zweet.")
    stage.taken_in("centralist.ijsvogel", patient, judged, text="Hotel belt 112.", minutes_ago=2)


STORIES = (
    late,
    new_request,
    offer_waiting,
    handover_waiting,
    waiting_list,
    nurse_at_work,
    promised,
    unknown_person,
    needs_physician,
    declined,
    limburg_offer_waiting,
    limburg_new_request,
    tourist_with_112,
)

"""Made-up people, so that each role can be tried. All of them share one password, known to all."""

from collections.abc import Iterator

from coordination.demo import limburg, zwolle
from coordination.demo.shapes import House, Worker
from lzc.rights import Role

PASSWORD = "samen-zorgen-demo"

#: Who is named first when log-ins are shown: they work at the desks of the night that is played.
CAST = (
    Worker("centralist", "Mirthe Hofstra", (("centralist", "kievit"),), shown=True),
    Worker("triagist", "Joost Warmelink", (("triagist", "ooievaar"),), shown=True),
    Worker("zorgcentrale", "Fatma Aydın", (("coordinator", "vuurtoren"),), shown=True),
    Worker("coordinator", "Daan Ottevanger", (("coordinator", "brug"),), shown=True),
    Worker(
        "wijkverpleegkundige", "Noor Tichelaar", (("wijkverpleegkundige", "zilverdraad"),),
        shown=True,
    ),
    Worker("huisarts", "Hugo Boskamp", (("huisarts", "linde"),), shown=True),
    Worker("planner", "Wilma Rottink", (("planner", "wolkenveld"),), shown=True),
    Worker("adviseur", "Jelmer Spanninga", (("adviser", "roaz-zwolle"),), shown=True),
    Worker("beveiliging", "Ingeborg Tamboer", (("security", "roaz-zwolle"),), shown=True),
    # One person, two employers: which one it is today is chosen after logging in.
    Worker(
        "tweebanen", "Sanne Overkempe",
        (("triagist", "ekster"), ("wijkverpleegkundige", "turfschuit")),
        shown=True,
    ),
    Worker("centralist.limburg", "Guus Pijpers-Ramaekers", (("centralist", "ijsvogel"),), True),
    Worker("triagist.limburg", "Lieve Houbiers", (("triagist", "merel"),), True),
    Worker("coordinator.limburg", "Tom Scheepstra", (("coordinator", "mijnlamp"),), True),
    Worker(
        "wijkverpleegkundige.limburg", "Ria Boumansberg",
        (("wijkverpleegkundige", "kolengloed"),), True,
    ),
    Worker("huisarts.limburg", "Emine Karaçay", (("huisarts", "koepel"),), True),
    Worker("planner.limburg", "Jos Weltertse", (("planner", "houtvuur"),), True),
    Worker("adviseur.limburg", "Pleun Crasborg", (("adviser", "roaz-limburg"),), True),
    Worker("beveiliging.limburg", "Nard Lemmerling", (("security", "roaz-limburg"),), True),
)  # fmt: skip

#: Which roles each kind of organisation has somebody for.
ROLES: dict[str, tuple[Role, ...]] = {
    "meldkamer": (Role.CENTRALIST,),
    "hap": (Role.TRIAGIST,),
    "zcc": (Role.COORDINATOR,),
    "huisarts": (Role.HUISARTS,),
    "wijkverpleging": (Role.WIJKVERPLEEGKUNDIGE, Role.PLANNER),
    "vvt": (Role.PLANNER,),
    "ziekenhuis": (Role.COORDINATOR,),
    "ggz": (Role.TRIAGIST,),
    "gemeente": (Role.PLANNER,),
    "roaz": (Role.ADVISER, Role.SECURITY),
}

FIRST = (
    "Aafke", "Bram", "Coosje", "Dirk-Jan", "Elske", "Ferhat", "Geesje", "Hidde", "Ilse", "Jorrit",
    "Karima", "Lammert", "Maaike", "Nico", "Olga", "Pieter-Bas", "Quirine", "Rutger", "Saskia",
    "Teun", "Ursula", "Vincent", "Wietske", "Xander", "Yvonne", "Zeger",
)  # fmt: skip
LAST = (
    "Akkerboom", "Bentinga", "Calkhoven", "Drostwijk", "Eshuisman", "Fokkerts", "Griffelaar",
    "Haverstroo", "Immerzaal", "Jonkhart", "Kloosterziel", "Lankveldt", "Mosterdijk", "Nijborgh",
    "Oldemaat", "Poelstaart", "Quatfas", "Ruigewaard", "Schaapveld", "Tolhoek", "Uilenhof",
    "Vlierboom", "Wagenvoorde", "IJzerdraat", "Zomerdag",
)  # fmt: skip


def workers() -> Iterator[Worker]:
    """The cast, then somebody for every role that an organisation has and nobody fills yet."""
    yield from CAST
    filled = {work for worker in CAST for work in worker.works}
    number = 0
    for house, role in _posts((*zwolle.ORGANISATIONS, *limburg.ORGANISATIONS)):
        if (role, house.slug) not in filled:
            number += 1
            name = f"{FIRST[number % len(FIRST)]} {LAST[number * 7 % len(LAST)]}"
            yield Worker(f"{role}.{house.slug}", name, ((role, house.slug),))


def _posts(houses: tuple[House, ...]) -> Iterator[tuple[House, Role]]:
    for house in houses:
        for role in ROLES[house.kind]:
            yield house, role

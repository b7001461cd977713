"""Whose night it is: a made-up woman, another one each time, so that it can be played again."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

#: Married names: everybody on the boards sees that it is "mevrouw Pietersen", and which one.
MAIDEN_NAMES = (
    "Akkerveld", "Bosveldt", "Commandeer", "Duinkerk", "Elzenga-Bron", "Fluitman", "Geuzenhof",
    "Hooglander", "Ibbelink", "Jagersma", "Kuipersveld", "Landweer", "Middelburght", "Noordewier",
    "Oosterveen", "Peppelman", "Ruitenberg", "Slingerland", "Turfsteker", "Uitweerd", "Vonderen",
    "Westerlaken", "Zijlstroom", "Zwanenburght",
)  # fmt: skip
FIRST_NAMES = (
    "Aaltje", "Berendina", "Catharina", "Dirkje", "Everdina", "Femmigje", "Geertruida", "Hilligje",
    "Ida", "Jantina", "Klaasje", "Lubbigje", "Margje", "Neeltje", "Petronella", "Roelofje",
    "Stientje", "Trijntje", "Wubbechien",
)  # fmt: skip
STREETS = (
    "Kastanjehof", "Zonnedauwpad", "Korenbloemstraat", "Groenling", "Wilgenroosje",
    "Hazelaarplein", "Vlierbeslaan", "Meerkoet",
)  # fmt: skip
#: Assendorp.
PC4 = 8012
OLDEST, YOUNGEST = date(1930, 1, 1), date(1944, 12, 31)
LETTERS = "ABCDEGHJKLMNPRSTVWXZ"


@dataclass(frozen=True)
class Person:
    name: str
    birth_date: date
    street: str
    number: int
    postcode: str
    telephone: str

    @property
    def address(self) -> str:
        return f"{self.street} {self.number}"

    @property
    def called(self) -> str:
        """Mevrouw Pietersen-Bosveldt"""
        return f"mevrouw {self.name.partition(' ')[2]}"

    def told(self) -> dict[str, str]:
        """What the first centralist types; nobody after that types it again."""
        return {
            "name": self.name,
            "birth_date": self.birth_date.isoformat(),
            "sex": "female",
            "address": self.address,
            "postcode": self.postcode,
            "telephone": self.telephone,
        }


def somebody(random: Random) -> Person:
    days = random.randrange((YOUNGEST - OLDEST).days)
    return Person(
        name=f"{random.choice(FIRST_NAMES)} Pietersen-{random.choice(MAIDEN_NAMES)}",
        birth_date=OLDEST + timedelta(days=days),
        street=random.choice(STREETS),
        number=random.randrange(1, 400),
        postcode=f"{PC4}{random.choice(LETTERS)}{random.choice(LETTERS)}",
        # No telephone in the Netherlands has 000 after 06.
        telephone=f"06000{random.randrange(10**5):05}",
    )

"""What is said in the night. Nothing of it is more than a story."""

from triage import elv

NIGHTS = ("Eerste nacht.", "Tweede nacht.", "Derde nacht.")
COMPLAINT = "Gevallen bij het opstaan van het toilet, niet bezeerd, komt niet overeind."
POLICE = "Agent hielp mevrouw overeind. Geen letsel gezien."
POLICE_ASKED = "Politie gevraagd haar overeind te helpen; geen ambulance nodig."
POLICE_AGAIN = (
    "Agent kwam voor de derde nacht op rij en hielp mevrouw overeind. Dit kan zo niet langer: "
    "zij heeft zorg nodig. Kinderen wonen ver weg, geen contact met de buren."
)

TO_HAP = {
    "situation": "Derde val in drie nachten, komt niet zelf overeind. Nu in bed, niet bezeerd.",
    "background": "Woont alleen, kinderen ver weg. De politie hielp haar drie keer overeind.",
    "assessment": "Vitaal stabiel, helder. Geen ambulance nodig.",
    "recommendation": "Vannacht thuiszorg inzetten, morgen de eigen huisarts.",
}
HAP_READS_BACK = "Derde nacht op rij gevallen, alleen thuis; wij regelen vannacht thuiszorg."
HAP_ADDS = {
    "how": "supplemented",
    "urgency": "U3",
    "alarm_signals": ["second_contact", "no_carer"],
    "abcde": {"A": "vrij", "B": "rustig", "C": "stabiel", "D": "helder", "E": "in bed"},
}

TO_ZORGCENTRALE = {
    "situation": "Derde val in drie nachten; ligt in bed en durft niet meer op te staan.",
    "background": "Woont alleen, geen mantelzorg. Triage van de meldkamer aangevuld, U3.",
    "assessment": "Stabiel. Valgevaar als zij vannacht weer alleen naar het toilet gaat.",
    "recommendation": "Zoek een team dat binnen het uur kan gaan kijken en helpen.",
}
ZORGCENTRALE_READS_BACK = "Binnen het uur een thuiszorgteam, omdat zij anders weer valt."

VISIT_NEED = "Valt elke nacht bij het opstaan; hulp bij toiletgang en kijken of het thuis kan."
TO_TEAM = {
    "situation": "Derde val in drie nachten, nu in bed, durft niet meer op te staan.",
    "background": "Woont alleen, kinderen ver weg, geen contact met de buren.",
    "assessment": "Stabiel, U3. Valgevaar bij de toiletgang.",
    "recommendation": "Help vannacht, kijk naar letsel en naar het huis, meld het de huisarts.",
}
TEAM_READS_BACK = "Wij gaan er nu heen, helpen haar, en melden de huisarts wat wij vinden."
FINDINGS = (
    "Drukpijn rechter heup, loopt drie passen aan de arm. Toilet te laag, losse matten. Eet en "
    "drinkt weinig. Kan niet alleen blijven zonder hulp bij elke transfer."
)

TO_HUISARTS = {
    "situation": "Drie nachten op rij gevallen; vannacht geholpen door de wijkverpleging.",
    "background": "Woont alleen, geen mantelzorg in de buurt.",
    "assessment": "Drukpijn rechter heup, onzeker op de benen, eet en drinkt weinig.",
    "recommendation": "Vandaag huisbezoek: letsel heup? Kan zij thuis blijven?",
}
HUISARTS_READS_BACK = "Vandaag huisbezoek, heup onderzoeken, en bezien of zij thuis kan blijven."

#: The one form of the huisarts: what was found, the decision aid, and what is asked.
VISIT_FOUND = (
    "Kneuzing rechter heup, geen teken van een breuk. Kan tijdelijk niet voor zichzelf zorgen."
)
AID_ANSWERS = {
    "life_threat": False,
    "physician_saw": True,
    "specialist": False,
    "psychiatry": False,
    "safe_home": False,
    "wlz": False,
    "wlz_soon": False,
    "medical": True,
    "rehabilitation": False,
    "terminal": False,
    "complex": False,
    "return_home": True,
}
DECISION_AID = {
    "version": elv.VERSION,
    "answers": AID_ANSWERS,
    "outcome": "elv_laag",
    "chosen": "elv_laag",
}
STAY_NEED = "Kneuzing heup na herhaald vallen; hulp bij opstaan, wassen en toiletgang, oefenen."
STAY_WISHES = "Liefst in de eigen stad. Doel: binnen drie weken weer thuis."

TO_HOUSE = {
    "situation": "Kneuzing rechter heup na drie valpartijen in drie nachten.",
    "background": "Woont alleen, geen mantelzorg in de buurt. Thuissituatie niet veilig.",
    "assessment": "Stabiel, helder, transfer met één persoon. Geen breuk.",
    "recommendation": "Herstel en oefenen, fysiotherapie; doel is terug naar huis.",
}
HOUSE_READS_BACK = "Heupkneuzing, transfer met één persoon, oefenen; doel is terug naar huis."
HOUSE_DECLINES = "Bed is er, maar vannacht te weinig handen."

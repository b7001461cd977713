"""Made-up organisations in the real towns of ROAZ Limburg."""

from coordination.demo.shapes import AGEING, FRESH, LONG_AGO, NOW, OLD, House, Team, Ward
from coordination.demo.zwolle import ALWAYS, ANW, OFFICE

DESKS = (
    House("ijsvogel", "meldkamer", "Meldkamer Ambulance De IJsvogel", "Maastricht", "Meldtafel",
          ALWAYS, wide=True),
    House("kwartel", "hap", "Huisartsenpost De Kwartel", "Maastricht", "Triage", ANW),
    House("merel", "hap", "Huisartsenpost De Zwarte Merel", "Heerlen", "Triage", ANW),
    House("wielewaal", "hap", "Huisartsenpost De Wielewaal", "Roermond", "Triage", ANW),
    House("leeuwerik", "hap", "Huisartsenpost De Leeuwerik", "Venlo", "Triage", ANW),
    House("baken", "zcc", "Zorgcentrale Het Mijnlicht", "Sittard", "Regie", ALWAYS, wide=True),
    House("heuvel", "zcc", "Zorgcoördinatie De Heuvel", "Maastricht", "Plaatsing", ALWAYS),
    House("mijnlamp", "zcc", "Zorgcoördinatie De Mijnlamp", "Heerlen", "Plaatsing", ALWAYS),
    House("schacht", "zcc", "Zorgcoördinatie De Schacht", "Geleen", "Plaatsing", ALWAYS),
    House("vlecht", "zcc", "Zorgcoördinatie De Vlecht", "Roermond", "Plaatsing", ALWAYS),
    House("veerpont", "zcc", "Zorgcoördinatie De Veerpont", "Venlo", "Plaatsing", ALWAYS),
)  # fmt: skip

PRACTICES = (
    House("bongerd", "huisarts", "Huisartsenpraktijk De Bongerd", "Maastricht", "Praktijk", OFFICE),
    House("kriekel", "huisarts", "Huisartsenpraktijk De Kriek", "Valkenburg", "Praktijk", OFFICE),
    House("koepel", "huisarts", "Huisartsenpraktijk Steenkoepel", "Heerlen", "Praktijk", OFFICE),
    House("hoefslag", "huisarts", "Huisartsenpraktijk Hoefslag", "Sittard", "Praktijk", OFFICE),
    House("vlaai", "huisarts", "Huisartsenpraktijk De Vlaai", "Weert", "Praktijk", OFFICE),
    House("munt", "huisarts", "Huisartsenpraktijk Muntklok", "Roermond", "Praktijk", OFFICE),
    House("kade", "huisarts", "Huisartsenpraktijk Lange Kade", "Venlo", "Praktijk", OFFICE),
    House("peelwind", "huisarts", "Huisartsenpraktijk Peelwind", "Venray", "Praktijk", OFFICE),
)

HOME_CARE = (
    House(
        "mergelroos", "wijkverpleging", "Thuiszorg De Mergelroos", "Maastricht", "Wachtdienst",
        ALWAYS,
        teams=(
            Team("Spoedteam", ("Maastricht", "Meerssen", "Eijsden", "Valkenburg"), 3, NOW),
            Team("Nachtteam", ("Gulpen", "Vaals", "Valkenburg"), 1, AGEING, (23, 7), 45),
        ),
    ),
    House(
        "kolengloed", "wijkverpleging", "Wijkverpleging Kolengloed", "Heerlen", "Wachtdienst",
        ALWAYS,
        teams=(
            Team(
                "Spoedteam",
                ("Heerlen", "Kerkrade", "Landgraaf", "Brunssum", "Simpelveld", "Voerendaal"),
                2, NOW, None, 25,
            ),
        ),
    ),
    House(
        "leemkuil", "wijkverpleging", "Thuiszorg De Leemkuil", "Sittard", "Wachtdienst", ALWAYS,
        teams=(
            Team("Spoedteam", ("Sittard", "Geleen", "Stein", "Beek"), 2, FRESH),
            Team("Nachtteam", ("Sittard", "Echt"), 0, FRESH, (23, 7)),
        ),
    ),
    House(
        "roerdomp", "wijkverpleging", "Wijkverpleging De Roerdomp", "Roermond", "Wachtdienst",
        ALWAYS,
        teams=(
            Team("Team Roer", ("Roermond", "Echt", "Heythuysen"), 2, FRESH),
            Team("Team Peel", ("Weert", "Nederweert"), 1, OLD),
        ),
    ),
    House(
        "maasnevel", "wijkverpleging", "Thuiszorg Maasnevel", "Venlo", "Wachtdienst", ALWAYS,
        teams=(
            Team("Spoedteam", ("Venlo", "Tegelen", "Reuver", "Panningen"), 2, NOW, None, 25),
            Team("Nachtteam", ("Horst", "Venray", "Gennep"), 1, FRESH, (23, 7), 45),
        ),
    ),
)  # fmt: skip

HOUSES = (
    House("grotlicht", "vvt", "Huize Grotlicht", "Maastricht", wards=(
        Ward("elv_laag", 12, 2, NOW, ("single_room", "oxygen")),
        Ward("elv_hoog", 8, 1, FRESH, ("iv_antibiotics",)),
        Ward("grz", 20, 1, FRESH, admits=(8, 17)),
    )),
    House("kalkbloem", "vvt", "Huize Kalkbloem", "Maastricht", wards=(
        Ward("elv_laag", 8, 1, FRESH),
        Ward("elv_palliatief", 3, 1, FRESH),
    )),
    House("springbron", "vvt", "Huize Springbron", "Valkenburg", wards=(
        Ward("elv_laag", 5, 1, AGEING, admits=(8, 18)),
        Ward("respijt", 3, 1, FRESH),
    )),
    House("drieland", "vvt", "Huize Drielandenzicht", "Vaals", wards=(
        Ward("elv_laag", 4, 0, NOW),
    )),
    House("houtvuur", "vvt", "Huize Houtvuur", "Heerlen", wards=(
        Ward("elv_laag", 10, 1, NOW, ("single_room",)),
        Ward("elv_hoog", 8, 0, FRESH, ("bariatric",)),
        Ward("wlz_crisis", 3, 1, FRESH, ("closed_ward",)),
    )),
    House("steenwaaier", "vvt", "Huize Steenwaaier", "Kerkrade", wards=(
        Ward("elv_laag", 7, 1, FRESH),
        Ward("grz", 18, 2, FRESH, admits=(8, 16)),
    )),
    House("bruinvis", "vvt", "Huize Bruinvis", "Brunssum", wards=(
        Ward("elv_laag", 5, 1, OLD),
        Ward("observatie", 3, 1, AGEING, ("single_room",)),
    )),
    House("berkenzang", "vvt", "Huize Berkenzang", "Landgraaf", wards=(
        Ward("elv_laag", 6, 2, FRESH),
        Ward("respijt", 2, 0, AGEING),
    )),
    House("kapelberg", "vvt", "Huize Kapelberg", "Sittard", wards=(
        Ward("elv_laag", 8, 1, FRESH, ("oxygen",)),
        Ward("elv_hoog", 6, 1, NOW),
    )),
    House("knotwilg", "vvt", "Huize Knotwilg", "Geleen", wards=(
        Ward("grz", 16, 1, FRESH, admits=(8, 17)),
        Ward("wlz_crisis", 2, 0, FRESH, ("closed_ward",)),
    )),
    House("vlaspluk", "vvt", "Huize Vlaspluk", "Echt", wards=(
        Ward("elv_laag", 5, 1, AGEING),
    )),
    House("schemering", "vvt", "Hospice De Lange Schemering", "Roermond", wards=(
        Ward("hospice", 6, 1, FRESH),
        Ward("elv_palliatief", 2, 0, NOW),
    )),
    House("klaproos", "vvt", "Huize Klaproos", "Roermond", wards=(
        Ward("elv_laag", 9, 2, FRESH, ("single_room",)),
        Ward("elv_hoog", 6, 1, FRESH, ("isolation",)),
    )),
    House("peelster", "vvt", "Huize Peelster", "Weert", wards=(
        Ward("elv_laag", 7, 1, FRESH),
        Ward("grz", 14, 1, AGEING, admits=(8, 17)),
    )),
    House("heikikker", "vvt", "Huize Heikikker", "Heythuysen", wards=(
        Ward("respijt", 4, 2, FRESH),
    )),
    House("loswal", "vvt", "Huize De Loswal", "Venlo", wards=(
        Ward("elv_laag", 11, 2, NOW, ("single_room", "oxygen")),
        Ward("elv_hoog", 8, 1, FRESH),
        Ward("grz", 22, 2, FRESH, admits=(8, 17)),
    )),
    House("stuifzand", "vvt", "Huize Stuifzand", "Venray", wards=(
        Ward("elv_laag", 6, 1, LONG_AGO),
        Ward("wlz_crisis", 3, 1, FRESH, ("closed_ward",)),
    )),
    House("niersblik", "vvt", "Huize Niersblik", "Gennep", wards=(
        Ward("elv_laag", 4, 1, FRESH, admits=(9, 17)),
    )),
)  # fmt: skip

OTHERS = (
    House("witterots", "ziekenhuis", "Ziekenhuis Witte Rots", "Maastricht", "Transferpunt", OFFICE),
    House("parkrand", "ziekenhuis", "Ziekenhuis Parkrand", "Heerlen", "Transferpunt", OFFICE),
    House("roerbocht", "ziekenhuis", "Ziekenhuis Roerbocht", "Roermond", "Transferpunt", OFFICE),
    House("maasbocht", "ziekenhuis", "Ziekenhuis Maaskade", "Venlo", "Transferpunt", OFFICE),
    House("keerpunt", "ggz", "GGZ Het Keerpunt", "Sittard", "Crisisdienst", ALWAYS),
    House(
        "gemeente-roermond",
        "gemeente",
        "Wmo-loket Roermond",
        "Roermond",
        wards=(Ward("respijt", 3, 1, 60),),
    ),
    House("roaz-limburg", "roaz", "ROAZ-bureau Limburg", "Maastricht", wide=True),
)

ORGANISATIONS = (*DESKS, *PRACTICES, *HOME_CARE, *HOUSES, *OTHERS)

"""Made-up organisations in the real towns of ROAZ Zwolle."""

from coordination.demo.shapes import AGEING, FRESH, LONG_AGO, NOW, OLD, House, Team, Ward

ALWAYS = "dag en nacht"
OFFICE = "ma–vr 08:00–17:00"
ANW = "ma–vr 17:00–08:00, weekend en feestdagen"

DESKS = (
    House(
        "kievit", "meldkamer", "Meldkamer Ambulance De Kievit", "Zwolle", "Meldtafel", ALWAYS,
        wide=True,
    ),
    House("ooievaar", "hap", "Huisartsenpost De Ooievaar", "Zwolle", "Triage", ANW),
    House("ekster", "hap", "Huisartsenpost De Ekster", "Hardenberg", "Triage", ANW),
    House("fuut", "hap", "Huisartsenpost De Fuut", "Deventer", "Triage", ANW),
    House("specht", "hap", "Huisartsenpost De Specht", "Apeldoorn", "Triage", ANW),
    House("kluut", "hap", "Huisartsenpost De Kluut", "Harderwijk", "Triage", ANW),
    House("vuurtoren", "zcc", "Zorgcentrale De Vuurtoren", "Zwolle", "Regie", ALWAYS, wide=True),
    House("brug", "zcc", "Zorgcoördinatie De Brug", "Zwolle", "Plaatsing", ALWAYS),
    House("schakel", "zcc", "Zorgcoördinatie De Schakel", "Deventer", "Plaatsing", ALWAYS),
    House("knoop", "zcc", "Zorgcoördinatie De Knoop", "Apeldoorn", "Plaatsing", ALWAYS),
    House("wegwijzer", "zcc", "Zorgcoördinatie De Wegwijzer", "Harderwijk", "Plaatsing", ALWAYS),
)  # fmt: skip

PRACTICES = (
    House("linde", "huisarts", "Huisartsenpraktijk De Oude Linde", "Zwolle", "Praktijk", OFFICE),
    House("esdoorn", "huisarts", "Huisartsenpraktijk Esdoornlaan", "Zwolle", "Praktijk", OFFICE),
    House("hagel", "huisarts", "Huisartsenpraktijk Hagelwit", "Kampen", "Praktijk", OFFICE),
    House("veldmuis", "huisarts", "Huisartsenpraktijk Veldmuis", "Hardenberg", "Praktijk", OFFICE),
    House("sluis", "huisarts", "Huisartsenpraktijk De Zevensluis", "Meppel", "Praktijk", OFFICE),
    House("koek", "huisarts", "Huisartsenpraktijk Zoete Broden", "Deventer", "Praktijk", OFFICE),
    House("bosuil", "huisarts", "Huisartsenpraktijk De Bosuil", "Apeldoorn", "Praktijk", OFFICE),
    House("poort", "huisarts", "Huisartsenpraktijk Groene Poort", "Zutphen", "Praktijk", OFFICE),
    House("visafslag", "huisarts", "Huisartsenpraktijk De Haven", "Harderwijk", "Praktijk", OFFICE),
)

HOME_CARE = (
    House(
        "zilverdraad", "wijkverpleging", "Thuiszorg De Zilverdraad", "Zwolle", "Wachtdienst",
        ALWAYS,
        teams=(
            Team("Spoedteam", ("Zwolle", "Hattem", "Kampen", "Genemuiden"), 3, NOW, None, 20),
            Team("Nachtteam", ("Zwolle", "Hattem", "Dalfsen"), 2, FRESH, (23, 7)),
        ),
    ),
    House(
        "morgenster", "wijkverpleging", "Wijkverpleging De Morgenster", "Zwolle", "Wachtdienst",
        ALWAYS,
        teams=(
            Team("Dagteam", ("Zwolle", "Dalfsen", "Ommen"), 2, NOW, (7, 23)),
            Team("Nachtteam", ("Zwolle", "Dalfsen", "Ommen", "Raalte"), 1, AGEING, (23, 7), 45),
        ),
    ),
    House(
        "turfschuit", "wijkverpleging", "Thuiszorg De Turfschuit", "Hardenberg", "Wachtdienst",
        ALWAYS,
        teams=(
            Team("Team Vecht", ("Hardenberg", "Ommen", "Dedemsvaart"), 2, FRESH),
            Team("Team Noord", ("Staphorst", "Meppel", "Steenwijk", "Dedemsvaart"), 0, AGEING),
        ),
    ),
    House(
        "koekoeksbloem", "wijkverpleging", "Wijkverpleging Koekoeksbloem", "Deventer",
        "Wachtdienst", ALWAYS,
        teams=(
            Team("Spoedteam", ("Deventer", "Twello", "Olst", "Wijhe", "Raalte"), 2, NOW, None, 25),
            Team("Nachtteam", ("Deventer", "Twello"), 2, OLD, (23, 7)),
        ),
    ),
    House(
        "hertshooi", "wijkverpleging", "Thuiszorg Hertshooi", "Apeldoorn", "Wachtdienst", ALWAYS,
        teams=(
            Team("Spoedteam", ("Apeldoorn", "Vaassen", "Epe", "Brummen"), 3, FRESH, None, 25),
            Team("Nachtteam", ("Zutphen", "Lochem", "Brummen"), 1, AGEING, (23, 7), 40),
        ),
    ),
    House(
        "zandoogje", "wijkverpleging", "Wijkverpleging Zandoogje", "Harderwijk", "Wachtdienst",
        ALWAYS,
        teams=(
            Team("Spoedteam", ("Harderwijk", "Ermelo", "Putten", "Zeewolde"), 2, NOW, None, 30),
            Team("Nachtteam", ("Nunspeet", "Elburg", "Harderwijk"), 0, FRESH, (23, 7)),
        ),
    ),
)  # fmt: skip

HOUSES = (
    House("wolkenveld", "vvt", "Huize Wolkenveld", "Zwolle", wards=(
        Ward("elv_laag", 12, 2, NOW, ("single_room", "oxygen")),
        Ward("elv_hoog", 8, 1, FRESH),
    )),
    House("mistelgaard", "vvt", "Huize Mistelgaard", "Zwolle", wards=(
        Ward("elv_laag", 10, 1, FRESH, ("oxygen",)),
        Ward("grz", 24, 2, FRESH, admits=(8, 17)),
        Ward("observatie", 4, 1, AGEING, ("single_room",)),
    )),
    House("lantaarn", "vvt", "Hospice De Stille Lantaarn", "Zwolle", wards=(
        Ward("hospice", 5, 1, FRESH),
        Ward("elv_palliatief", 3, 0, NOW),
    )),
    House("rietvink", "vvt", "Huize Rietvink", "Kampen", wards=(
        Ward("elv_laag", 6, 1, AGEING, ("single_room",), (8, 18)),
        Ward("wlz_crisis", 2, 1, FRESH, ("closed_ward",)),
    )),
    House("kersenpit", "vvt", "Huize Kersenpit", "Dalfsen", wards=(
        Ward("elv_laag", 4, 0, NOW),
        Ward("respijt", 3, 2, FRESH),
    )),
    House("veenlicht", "vvt", "Huize Veenlicht", "Hardenberg", wards=(
        Ward("elv_laag", 8, 2, FRESH),
        Ward("elv_hoog", 6, 0, FRESH, ("isolation",)),
        Ward("grz", 18, 1, OLD, admits=(8, 16)),
    )),
    House("turfgloed", "vvt", "Huize Turfgloed", "Steenwijk", wards=(
        Ward("elv_laag", 5, 1, OLD),
        Ward("wlz_crisis", 2, 0, NOW, ("closed_ward",)),
    )),
    House("boterbloem", "vvt", "Huize Boterbloem", "Meppel", wards=(
        Ward("elv_laag", 6, 1, FRESH, admits=(9, 17)),
        Ward("elv_palliatief", 2, 1, AGEING),
    )),
    House("koggeschip", "vvt", "Huize Koggeschip", "Deventer", wards=(
        Ward("elv_laag", 10, 2, NOW, ("single_room",)),
        Ward("elv_hoog", 8, 1, FRESH, ("iv_antibiotics",)),
        Ward("grz", 22, 3, FRESH, admits=(8, 17)),
    )),
    House("blauwvoet", "vvt", "Huize Blauwvoet", "Raalte", wards=(
        Ward("elv_laag", 6, 1, AGEING),
        Ward("respijt", 4, 1, FRESH),
    )),
    House("slingerpad", "vvt", "Huize Slingerpad", "Twello", wards=(
        Ward("elv_laag", 4, 0, FRESH),
    )),
    House("herfstdraad", "vvt", "Huize Herfstdraad", "Apeldoorn", wards=(
        Ward("elv_laag", 12, 3, FRESH, ("single_room", "oxygen")),
        Ward("elv_hoog", 10, 1, NOW, ("bariatric", "isolation", "iv_antibiotics")),
        Ward("observatie", 3, 0, AGEING),
    )),
    House("dennenkegel", "vvt", "Huize Dennenkegel", "Apeldoorn", wards=(
        Ward("grz", 26, 2, FRESH, admits=(8, 17)),
        Ward("wlz_crisis", 4, 1, NOW, ("closed_ward",)),
    )),
    House("torenvalk", "vvt", "Huize Torenvalk", "Zutphen", wards=(
        Ward("elv_laag", 7, 1, NOW),
        Ward("elv_palliatief", 3, 1, FRESH),
    )),
    House("ganzeveer", "vvt", "Huize Ganzeveer", "Lochem", wards=(
        Ward("elv_laag", 5, 1, LONG_AGO),
    )),
    House("korenmuis", "vvt", "Huize Korenmuis", "Epe", wards=(
        Ward("elv_laag", 6, 2, FRESH, admits=(8, 20)),
        Ward("respijt", 3, 0, AGEING),
    )),
    House("zeebries", "vvt", "Huize Zeebries", "Harderwijk", wards=(
        Ward("elv_laag", 9, 1, FRESH, ("oxygen",)),
        Ward("elv_hoog", 6, 1, AGEING),
        Ward("grz", 16, 0, FRESH, admits=(8, 17)),
    )),
    House("kiekendief", "vvt", "Huize Kiekendief", "Nunspeet", wards=(
        Ward("elv_laag", 5, 1, OLD),
        Ward("wlz_crisis", 2, 1, FRESH, ("closed_ward",)),
    )),
    House("poldermist", "vvt", "Huize Poldermist", "Zeewolde", wards=(
        Ward("elv_laag", 4, 1, FRESH),
        Ward("hospice", 4, 0, FRESH),
    )),
)  # fmt: skip

OTHERS = (
    House("hogebrink", "ziekenhuis", "Ziekenhuis Hoge Brink", "Zwolle", "Transferpunt", OFFICE),
    House("dijkzicht", "ziekenhuis", "Ziekenhuis Dubbeldijk", "Deventer", "Transferpunt", OFFICE),
    House("heidehof", "ziekenhuis", "Ziekenhuis Heidezoom", "Apeldoorn", "Transferpunt", OFFICE),
    House("zoom", "ziekenhuis", "Ziekenhuis Waterzoom", "Harderwijk", "Transferpunt", OFFICE),
    House("wending", "ggz", "GGZ De Stille Wending", "Zwolle", "Crisisdienst", ALWAYS),
    House("kantelpunt", "ggz", "GGZ Het Kantelpunt", "Apeldoorn", "Crisisdienst", ALWAYS),
    House(
        "gemeente-zwolle",
        "gemeente",
        "Wmo-loket Zwolle",
        "Zwolle",
        wards=(Ward("respijt", 4, 1, 90),),
    ),
    House("roaz-zwolle", "roaz", "ROAZ-bureau regio Zwolle", "Zwolle", wide=True),
)

ORGANISATIONS = (*DESKS, *PRACTICES, *HOME_CARE, *HOUSES, *OTHERS)

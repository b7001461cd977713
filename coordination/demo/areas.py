"""The two regions: real towns, with where they lie, their postcodes and how many people live there.

Positions and numbers of inhabitants are those of GeoNames; the ranges of postcodes are rounded.
"""

from coordination.demo.shapes import Area, Subregion, Town

ZWOLLE = Area(
    slug="zwolle",
    name="ROAZ Zwolle",
    policy={
        "offers_at_once": 3,
        "undo_seconds": 8,
        "recurrence_hours": 72,
        "consult_telephone": "038-0000099",
    },
    subregions=(
        Subregion("ijssel-vecht", "IJssel-Vecht", "038"),
        Subregion("midden-ijssel", "Midden-IJssel", "0570"),
        Subregion("apeldoorn-zutphen", "Apeldoorn-Zutphen", "055"),
        Subregion("noord-veluwe", "Noord-Veluwe", "0341"),
    ),
    towns=(
        Town("Zwolle", "ijssel-vecht", 52.5125, 6.0944, 8011, 8045, 129840),
        Town("Kampen", "ijssel-vecht", 52.5550, 5.9111, 8260, 8266, 48980),
        Town("Hattem", "ijssel-vecht", 52.4750, 6.0639, 8050, 8051, 11876),
        Town("Dalfsen", "ijssel-vecht", 52.5117, 6.2569, 7720, 7722, 26575),
        Town("Ommen", "ijssel-vecht", 52.5208, 6.4208, 7730, 7731, 11820),
        Town("Hardenberg", "ijssel-vecht", 52.5758, 6.6194, 7770, 7773, 57909),
        Town("Dedemsvaart", "ijssel-vecht", 52.6000, 6.4583, 7700, 7701, 13090),
        Town("Staphorst", "ijssel-vecht", 52.6450, 6.2111, 7950, 7951, 15765),
        Town("Meppel", "ijssel-vecht", 52.6958, 6.1944, 7941, 7944, 30697),
        Town("Steenwijk", "ijssel-vecht", 52.7875, 6.1208, 8331, 8334, 17138),
        Town("Genemuiden", "ijssel-vecht", 52.6233, 6.0403, 8280, 8281, 9700),
        Town("Deventer", "midden-ijssel", 52.2550, 6.1639, 7411, 7437, 97331),
        Town("Raalte", "midden-ijssel", 52.3858, 6.2750, 8100, 8103, 20015),
        Town("Olst", "midden-ijssel", 52.3375, 6.1097, 8121, 8121, 4780),
        Town("Wijhe", "midden-ijssel", 52.3867, 6.1347, 8130, 8131, 5640),
        Town("Twello", "midden-ijssel", 52.2367, 6.1028, 7390, 7391, 13500),
        Town("Apeldoorn", "apeldoorn-zutphen", 52.2100, 5.9694, 7311, 7339, 136670),
        Town("Zutphen", "apeldoorn-zutphen", 52.1383, 6.2014, 7200, 7207, 36188),
        Town("Lochem", "apeldoorn-zutphen", 52.1592, 6.4111, 7240, 7242, 12360),
        Town("Brummen", "apeldoorn-zutphen", 52.0900, 6.1556, 6970, 6971, 21344),
        Town("Epe", "apeldoorn-zutphen", 52.3475, 5.9833, 8160, 8162, 33385),
        Town("Vaassen", "apeldoorn-zutphen", 52.2858, 5.9667, 8170, 8172, 12719),
        Town("Harderwijk", "noord-veluwe", 52.3417, 5.6208, 3840, 3849, 40516),
        Town("Ermelo", "noord-veluwe", 52.2983, 5.6222, 3850, 3853, 10255),
        Town("Putten", "noord-veluwe", 52.2592, 5.6069, 3880, 3882, 23168),
        Town("Nunspeet", "noord-veluwe", 52.3792, 5.7861, 8070, 8072, 19496),
        Town("Elburg", "noord-veluwe", 52.4475, 5.8431, 8080, 8081, 21844),
        Town("Zeewolde", "noord-veluwe", 52.3300, 5.5417, 3890, 3899, 19022),
    ),
)

LIMBURG = Area(
    slug="limburg",
    name="ROAZ Limburg",
    policy={
        "offers_at_once": 2,
        "undo_seconds": 10,
        "recurrence_hours": 72,
        "answer_minutes": {"U2": 5, "U3": 20, "U4": 60, "U5": 120},
    },
    subregions=(
        Subregion("maastricht-heuvelland", "Maastricht-Heuvelland", "043"),
        # Built up and full of crossings: a kilometre takes longer here.
        Subregion("parkstad", "Parkstad", "045", {"km_per_hour": 40.0}),
        Subregion("westelijke-mijnstreek", "Westelijke Mijnstreek", "046"),
        Subregion("midden-limburg", "Midden-Limburg", "0475"),
        Subregion("noord-limburg", "Noord-Limburg", "077"),
    ),
    towns=(
        Town("Maastricht", "maastricht-heuvelland", 50.8483, 5.6889, 6211, 6229, 122378),
        Town("Eijsden", "maastricht-heuvelland", 50.7800, 5.7177, 6245, 6245, 11795),
        Town("Meerssen", "maastricht-heuvelland", 50.8875, 5.7500, 6231, 6231, 5650),
        Town("Valkenburg", "maastricht-heuvelland", 50.8652, 5.8320, 6300, 6305, 3400),
        Town("Gulpen", "maastricht-heuvelland", 50.8158, 5.8889, 6271, 6271, 3560),
        Town("Vaals", "maastricht-heuvelland", 50.7708, 6.0181, 6291, 6291, 6970),
        Town("Heerlen", "parkstad", 50.8837, 5.9815, 6411, 6422, 93084),
        Town("Kerkrade", "parkstad", 50.8658, 6.0625, 6461, 6471, 49777),
        Town("Brunssum", "parkstad", 50.9467, 5.9708, 6441, 6446, 29254),
        Town("Landgraaf", "parkstad", 50.895, 6.028, 6370, 6374, 37600),
        Town("Simpelveld", "parkstad", 50.8342, 5.9819, 6369, 6369, 2405),
        Town("Voerendaal", "parkstad", 50.8833, 5.9298, 6367, 6367, 3035),
        Town("Sittard", "westelijke-mijnstreek", 50.9983, 5.8694, 6130, 6137, 48400),
        Town("Geleen", "westelijke-mijnstreek", 50.9742, 5.8292, 6160, 6167, 32790),
        Town("Stein", "westelijke-mijnstreek", 50.9692, 5.7667, 6170, 6171, 11290),
        Town("Beek", "westelijke-mijnstreek", 50.9408, 5.7972, 6191, 6191, 8415),
        Town("Echt", "midden-limburg", 51.1058, 5.8736, 6100, 6102, 7760),
        Town("Roermond", "midden-limburg", 51.1942, 5.9875, 6040, 6049, 44975),
        Town("Weert", "midden-limburg", 51.2517, 5.7069, 6001, 6006, 48662),
        Town("Nederweert", "midden-limburg", 51.2858, 5.7486, 6031, 6031, 7205),
        Town("Heythuysen", "midden-limburg", 51.2500, 5.8986, 6093, 6093, 6420),
        Town("Venlo", "noord-limburg", 51.3700, 6.1681, 5911, 5928, 101988),
        Town("Tegelen", "noord-limburg", 51.3442, 6.1361, 5931, 5932, 20190),
        Town("Reuver", "noord-limburg", 51.2842, 6.0778, 5953, 5953, 6140),
        Town("Panningen", "noord-limburg", 51.3267, 5.9792, 5981, 5981, 6710),
        Town("Horst", "noord-limburg", 51.4542, 6.0514, 5961, 5961, 13365),
        Town("Venray", "noord-limburg", 51.5250, 5.9750, 5801, 5804, 39047),
        Town("Gennep", "noord-limburg", 51.6983, 5.9736, 6591, 6591, 16642),
    ),
)

AREAS = (ZWOLLE, LIMBURG)

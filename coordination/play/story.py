"""The night of mevrouw Pietersen in twelve steps, each done by the system of who did it."""

from coordination.play import calls, care
from coordination.play.scene import Scene


def play(scene: Scene) -> None:
    care.capacity(scene)
    calls.first_night(scene)
    calls.second_night(scene)
    calls.third_call(scene)
    calls.police(scene)
    care.to_hap(scene)
    care.to_zorgcentrale(scene)
    offer = care.team_found(scene)
    care.visit(scene, offer)
    care.to_huisarts(scene)
    request = care.form(scene)
    care.placed(scene, request)

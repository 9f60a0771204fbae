"""What a planner is to build a dialog around, drawn anew for each, so that a model does not write the same plan twice."""

from __future__ import annotations

import random

from toolace.gen_dialogs.roles import Seeds

_PLACES = (
    "Porto, Aarhus, Leeds, Nagoya, Córdoba, Tbilisi, Halifax, Accra, Graz, Ghent, Daegu, Mendoza, Tampere, Galway, "
    "Durban, Chiang Mai, Wrocław, Hobart, Bergen, Kochi, Valparaíso, Tucson, Lille, Izmir, Malmö, Da Nang, Kraków, "
    "Cusco, Zadar, Boise, Jaipur, Dunedin, Bilbao, Tartu, Rabat, Winnipeg, Perugia, Nantes, Manaus, Yogyakarta, "
    "Basel, Savannah, Thessaloniki, Kumasi, Reykjavík, Oaxaca, Penang, Brno, Cardiff, Asunción, Groningen, Plovdiv, "
    "Kyoto, Maputo, Montevideo, Linz, Nairobi, Ljubljana, Guelph, Sapporo, a village near Siena, a farm in Alberta, "
    "an island off Brittany, a suburb of Manila, a small town in Ohio, a valley in Nepal, a housing estate in Leipzig"
).split(", ")
_MOMENTS = (
    "before breakfast | in a lunch break | on the way home | late in the evening | between two appointments | "
    "on a slow Sunday | in the middle of a move | just after a phone call | the day before a journey | "
    "while waiting for a train | at the end of a long shift | at the start of the week | with guests in the house | "
    "during a power cut | on a day off | in a meeting that drags on"
).split(" | ")
_MOTIVES = (
    "a favour for a neighbour | a deadline that came closer | a surprise for somebody | second thoughts about a "
    "purchase | a habit that is to change | an anniversary | something that broke | a promise to a child | "
    "an argument that is to be settled | a tight budget | a guest with special needs | a new job | an old debt | "
    "curiosity | a letter that came today | help for an elderly parent | a club's yearly event | a school project | "
    "a mistake made last week | a colleague on leave | a plan that fell through | a bet | putting papers in order | "
    "a small business that grows | bad weather | a second opinion | a hobby that gets serious | saving time"
).split(" | ")
_COMPANY = (
    "alone | for a partner | for a family with small children | for a team of five | for a friend abroad | "
    "for a club | for a client | for a neighbour | for grandparents | for a group of students"
).split(" | ")


def seeds(rng: random.Random) -> Seeds:
    """A place, a moment, a motive, for whom, and two letters that names may begin with."""
    letters = rng.sample("ABCDEFGHIJKLMNOPRSTVWYZ", 2)
    return Seeds(
        place=rng.choice(_PLACES),
        moment=rng.choice(_MOMENTS),
        motive=rng.choice(_MOTIVES),
        company=rng.choice(_COMPANY),
        letters=f"{letters[0]}, {letters[1]}",
    )

"""Word lists behind the simulator's values and wordings."""

from __future__ import annotations

from typing import Final

_CITIES_TEXT = (
    "Oslo Bergen Stockholm Gothenburg Copenhagen Aarhus Helsinki Turku Reykjavik Tallinn Riga Vilnius Warsaw "
    "Krakow Gdansk Prague Brno Vienna Graz Salzburg Zurich Geneva Basel Munich Hamburg Leipzig Cologne Bremen "
    "Dresden Amsterdam Utrecht Rotterdam Antwerp Ghent Brussels Paris Lyon Nantes Bordeaux Marseille Lille Madrid "
    "Valencia Seville Bilbao Lisbon Porto Coimbra Rome Milan Turin Bologna Naples Florence Athens Thessaloniki "
    "Istanbul Izmir Budapest Zagreb Ljubljana Belgrade Bucharest Sofia Dublin Cork Galway London Leeds Bristol "
    "Edinburgh Glasgow Cardiff Belfast Boston Chicago Denver Seattle Portland Austin Atlanta Toronto Montreal "
    "Vancouver Calgary Lima Bogota Santiago Montevideo Recife Tokyo Osaka Kyoto Sapporo Seoul Busan Taipei "
    "Singapore Bangkok Hanoi Jakarta Mumbai Pune Chennai Nairobi Accra Dakar Casablanca Tunis Cairo Sydney "
    "Melbourne Perth Auckland Wellington"
)
CITIES: Final = _CITIES_TEXT.split()
_STATES_TEXT = (
    "Oregon Vermont Texas Ohio Maine Utah Georgia Colorado Michigan Nevada Montana Iowa Virginia Kansas Arizona "
    "Minnesota"
)
STATES: Final = _STATES_TEXT.split()
_AIRPORTS_TEXT = (
    "OSL BGO ARN CPH HEL TLL RIX WAW KRK PRG VIE ZRH MUC HAM AMS BRU CDG LYS MAD BCN LIS OPO FCO MXP ATH IST BUD "
    "DUB LHR EDI BOS ORD DEN SEA YYZ YVR HND ICN SIN BKK SYD AKL"
)
AIRPORTS: Final = _AIRPORTS_TEXT.split()
_TIMEZONES_TEXT = (
    "Europe/Oslo Europe/Berlin Europe/Lisbon Europe/Athens Europe/London America/New_York America/Chicago "
    "America/Denver America/Sao_Paulo Asia/Tokyo Asia/Seoul Asia/Singapore Asia/Kolkata Africa/Nairobi "
    "Australia/Sydney Pacific/Auckland UTC"
)
TIMEZONES: Final = _TIMEZONES_TEXT.split()
_COLORS_TEXT = (
    "red|blue|green|dark green|white|black|grey|yellow|orange|teal|navy|burgundy|beige|silver|purple|turquoise"
)
COLORS: Final = _COLORS_TEXT.split("|")
_ADJECTIVES_TEXT = (
    "northern quiet amber second coastal spring early central silver autumn pilot western shared bright harbour "
    "weekly granite summer maple internal regional spare winter copper primary upper field nightly cedar public"
)
ADJECTIVES: Final = _ADJECTIVES_TEXT.split()
_NOUNS_TEXT = (
    "ledger harvest review archive workshop survey garden catalogue launch inventory newsletter roadmap gallery "
    "audit festival library pipeline summary campaign orchard atlas notebook relay studio journal beacon exchange "
    "draft bulletin meadow"
)
NOUNS: Final = _NOUNS_TEXT.split()
_TITLES_TEXT = (
    "Please handle this before the end of the week|Checked twice and approved|Replaces the version from last month|"
    "Needs a second look by the team|Created for the spring review|Only for internal use until it is announced|"
    "The numbers were confirmed on the phone|Kept short on purpose|First draft, comments are welcome|"
    "Moved here from the old system|Ready for the meeting on Monday|To be shown to the board"
)
TITLES: Final = _TITLES_TEXT.split("|")

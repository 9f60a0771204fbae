"""Word lists behind the simulator's values and wordings."""

from __future__ import annotations

import re
from functools import lru_cache
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
_JOBS_TEXT = (
    "accountant|architect|baker|bookkeeper|carpenter|chef|civil engineer|data analyst|dental assistant|designer|driver|"
    "editor|electrician|event manager|financial adviser|florist|gardener|graphic designer|head of sales|HR manager|"
    "interpreter|IT administrator|lab technician|lawyer|librarian|logistics planner|machinist|marketing manager|mechanic|"
    "nurse|office manager|optician|pharmacist|photographer|physiotherapist|plumber|product manager|project manager|"
    "purchasing manager|quality manager|receptionist|sales assistant|social worker|software developer|surveyor|teacher|"
    "translator|veterinarian|warehouse manager|web developer"
)
JOBS: Final = _JOBS_TEXT.split("|")
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

_LIKELY: Final = (
    (
        r"\b(region|aws region)$",
        "us-east1 us-west2 europe-west4 europe-north1 asia-south1 us-central1 eu-west-1 ap-southeast-2",
    ),
    (
        r"\b(zone|availability zone)$",
        "us-east1-b us-west2-a europe-west4-c europe-north1-a asia-south1-b us-central1-f",
    ),
    (r"\bproject( id)?$", "orchard-prod atlas-staging billing-7 ledger-dev harvest-42 webshop-eu maps-test relay-prod"),
    (r"\bbucket( name| id)?$", "nightly-backups team-photos invoice-archive site-assets raw-logs map-tiles"),
    (
        r"\b(cluster|node pool|instance group|instance)( name| id)?$",
        "worker-pool-2 web-1 batch-nodes cache-main gpu-pool",
    ),
    (r"\bmime type$", "image/png application/pdf text/csv text/plain video/mp4 application/json"),
    (r"^hl$|\bui language$", "en de fr es it pt nl"),
    (
        r"\b(q|query|search|keyword|search term|search query)$",
        "quarterly report|lost luggage|garden tools|team offsite|river map",
    ),
    (r"\btopics?$", "gardening|old maps|city history|night trains|beekeeping|wooden toys"),
    (
        r"\b(permission|permissions)$",
        "storage.objects.get compute.instances.start compute.disks.list pubsub.topics.publish",
    ),
    (r"\b(cidr|ip cidr|ip range|ip cidr range)$", "10.4.0.0/20 10.128.0.0/16 192.168.40.0/24 172.16.8.0/22"),
    (r"\b(machine type|instance type)$", "e2-medium n2-standard-4 c3-highcpu-8 t3.large m6i.xlarge"),
)


@lru_cache(maxsize=8192)
def likely_values(name: str) -> tuple[str, ...]:
    """What a parameter of this name often holds in practice, for definitions that do not say."""
    said = re.sub(r"[^a-z0-9]+", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()).strip()
    for pattern, values in _LIKELY:
        if re.search(pattern, said):
            return tuple(values.split("|") if "|" in values else values.split())
    return ()

"""The boroughs of London, and how a total of the force is spread over them."""

from collections.abc import Sequence

from raw._sample.solve import noise

# borough, residents in thousands (2007), minority ethnic residents %, and how much burglary, street crime,
# vehicle crime and violence there is a resident, London = 1. Plausible, not published.
TABLE = (
    ("Barking and Dagenham", 166, 24, 0.95, 0.90, 1.15, 1.25),
    ("Barnet", 329, 31, 1.15, 0.60, 0.95, 0.70),
    ("Bexley", 223, 13, 0.60, 0.40, 0.85, 0.75),
    ("Brent", 271, 54, 1.05, 1.30, 1.00, 1.10),
    ("Bromley", 300, 13, 0.85, 0.55, 0.95, 0.75),
    ("Camden", 232, 30, 1.25, 1.40, 1.20, 1.20),
    ("Croydon", 339, 38, 0.95, 0.95, 0.85, 1.00),
    ("Ealing", 305, 43, 1.10, 1.10, 1.20, 1.05),
    ("Enfield", 285, 30, 1.15, 0.90, 1.10, 0.80),
    ("Greenwich", 223, 28, 0.85, 0.85, 0.95, 1.15),
    ("Hackney", 209, 41, 1.15, 1.60, 1.15, 1.35),
    ("Hammersmith and Fulham", 172, 23, 1.20, 1.15, 1.25, 1.10),
    ("Haringey", 225, 34, 1.30, 1.45, 1.20, 1.15),
    ("Harrow", 214, 46, 0.95, 0.55, 0.70, 0.65),
    ("Havering", 228, 8, 0.70, 0.45, 0.90, 0.75),
    ("Hillingdon", 250, 29, 0.95, 0.60, 1.10, 0.95),
    ("Hounslow", 220, 41, 0.85, 0.70, 1.05, 1.05),
    ("Islington", 188, 25, 1.30, 1.45, 1.45, 1.30),
    ("Kensington and Chelsea", 178, 22, 1.00, 0.95, 1.10, 0.80),
    ("Kingston upon Thames", 158, 20, 0.55, 0.35, 0.60, 0.80),
    ("Lambeth", 274, 35, 1.15, 1.90, 1.10, 1.35),
    ("Lewisham", 258, 37, 1.10, 1.35, 0.95, 1.25),
    ("Merton", 199, 27, 0.80, 0.60, 0.70, 0.75),
    ("Newham", 250, 64, 1.05, 1.60, 1.35, 1.30),
    ("Redbridge", 254, 42, 1.10, 0.95, 1.20, 0.80),
    ("Richmond upon Thames", 180, 11, 0.80, 0.35, 0.80, 0.50),
    ("Southwark", 274, 36, 1.10, 1.75, 1.10, 1.35),
    ("Sutton", 186, 15, 0.60, 0.45, 0.70, 0.80),
    ("Tower Hamlets", 216, 45, 0.90, 1.30, 1.25, 1.30),
    ("Waltham Forest", 222, 39, 1.10, 1.35, 1.15, 1.05),
    ("Wandsworth", 282, 23, 1.05, 0.90, 0.95, 0.75),
    ("Westminster", 234, 29, 0.90, 1.60, 1.15, 1.55),
)

BOROUGHS = [row[0] for row in TABLE]
RESIDENTS = [1000 * row[1] for row in TABLE]
MINORITY_ETHNIC = [row[2] / 100 for row in TABLE]
BURGLARY, STREET, VEHICLE, VIOLENCE = ([row[1] * row[i] for row in TABLE] for i in (3, 4, 5, 6))


def spread(total: int, weights: Sequence[float], ceilings: Sequence[int] | None = None) -> list[int]:
    """The total in whole parts by weight, largest remainder first, none above its ceiling."""
    room = list(ceilings) if ceilings is not None else [total] * len(weights)
    if total < 0 or total > sum(room):
        raise ValueError(f"{total} does not fit: there is room for {sum(room)}")
    whole_weight = sum(weights)
    exact = [total * weight / whole_weight for weight in weights]
    parts = [min(int(share), most) for share, most in zip(exact, room, strict=True)]
    # rounded so that no platform's last binary digit decides who comes first
    order = sorted(range(len(parts)), key=lambda i: (-round(exact[i] - parts[i], 9), i))
    left = total - sum(parts)
    while left:
        for i in order:
            if left and parts[i] < room[i]:
                parts[i] += 1
                left -= 1
    return parts


def spread_month(
    total: int, weights: Sequence[float], month: str, group: str, ceilings: Sequence[int] | None = None
) -> list[int]:
    """The total of one month over the boroughs: fixed weights, each moved a little by month and group."""
    moved = [
        weight * (1 + 0.12 * noise(month, borough, group)) for weight, borough in zip(weights, BOROUGHS, strict=True)
    ]
    return spread(total, moved, ceilings)

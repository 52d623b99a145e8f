"""The checker's figures, measured: ``python -m tests.checking.figures``.

On generated sheets: how many values of correct sheets are accused, how many planted
mistakes are found and named, and how many changes of a last place are caught.  On the
fourteen published calculations: the same against the judgement of people.
"""

from __future__ import annotations

import argparse

from tests.checking.calculations import CAUSES as WORDS
from tests.checking.calculations import DATA, stated
from tests.checking.measuring import CAUSES, changed_digits, correct_sheets, plants


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sheets", type=int, default=5000, help="correct sheets")
    parser.add_argument("--problems", type=int, default=200, help="random problems for each cause")
    chosen = parser.parse_args()
    print(published())
    values, accused = correct_sheets(chosen.sheets)
    share = 100 * (1 - len(accused) / values)
    print(f"{chosen.sheets} correct sheets: {share:.3f} % of {values} values not accused")
    lines, caught = changed_digits(chosen.sheets)
    print(
        f"last place changed by 5 units or more: caught in {100 * caught / lines:.1f} % of {lines}"
    )
    print(f"\n{'cause':<22}{'sheets':>6}{'found %':>9}{'clear':>8}{'named %':>9}   named instead")
    for cause in CAUSES:
        print(plants(cause, chosen.problems), flush=True)


def published() -> str:
    """What is found in the fourteen published calculations."""
    every = [one for name in DATA for one in stated(name)]
    sound = [one for one in every if one.fact["status"] in ("ok", "rounded")]
    accused = [one for one in sound if one.verdict.status not in ("correct", "rounded")]
    carried = [one for one in every if one.fact["status"] == "carried"]
    followed = [one for one in carried if one.verdict.status == "carried"]
    fresh = [
        one
        for one in every
        if one.fact["status"] == "fresh" and one.fact["severity"] != "last digit"
    ]
    found = [one for one in fresh if one.verdict.status == "wrong"]
    named = [one for one in found if one.named & WORDS[one.fact["cause"]]]
    return (
        f"fourteen published calculations: {len(found)} of {len(fresh)} mistakes found, "
        f"the cause of {len(named)} named; {len(followed)} of {len(carried)} values carried; "
        f"{len(accused)} of {len(sound)} sound values accused"
    )


if __name__ == "__main__":
    main()

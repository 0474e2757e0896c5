"""The four things that are measured of reports; each opens a copy of the shop of its own."""

import json
import math
from collections.abc import Collection, Sequence

from bench.tools.bars import Verdicts
from bench.tools.history import ONE_SECOND, History, make
from bench.tools.holds import Holds
from bench.tools.readers import Read, read
from bench.tools.results import Results
from bench.tools.shop import LIVE, Made, Shop, open_shop

LATENCY_SECONDS = 0.25
PAGES_A_SECOND = 25

QUICK = {"STRIPE_RATE_TOTAL": "2000", "STRIPE_RATE_PER_ENDPOINT": "2000"}


def speed(sizes: Sequence[int], shapes: Collection[str], verdicts: Verdicts) -> None:
    """Whole reports against the time that Stripe's limit takes, by size and shape of history."""
    with open_shop(LIVE) as shop:
        for size in sizes:
            results = Results("reports", transactions=size)
            for shape in shapes:
                if shape == ONE_SECOND and size != min(sizes):
                    continue
                history = make(shop, size, shape)
                shop.be_live()
                made = shop.report(history.window)
                figures = {**_pace(shop, history, made), **history.wrong_in(made)}
                shop.forget(made)
                case = f"speed, {shape}"
                results.add(case, **figures)
                without = {"wall_ratio"} if shape == ONE_SECOND else ()
                verdicts.judge(f"{case}, {size:,}", figures, without)
            results.print_json()


def _pace(shop: Shop, history: History, made: Made) -> dict[str, float]:
    """How long the report took and how often it called, against the least that is possible."""
    told = json.loads(shop.stripe.get("/_sandbox/requests"))
    calls = sum(told["calls"].values())
    floor = history.pages / PAGES_A_SECOND + LATENCY_SECONDS
    return {
        "rows": history.rows,
        "seconds": made.seconds,
        "floor_s": floor,
        "wall_ratio": made.seconds / floor,
        "cpu_s": made.cpu,
        "mb_peak": made.mb_peak,
        "calls": calls,
        "calls_ratio": calls / history.pages,
        "refused_429": told["statuses"].get("429", 0),
    }


def baseline(size: int, verdicts: Verdicts) -> None:
    """The shop's pager and a whole report against stripe-python's own loop."""
    with open_shop(LIVE) as shop:
        results = Results("reports", transactions=size)
        history = make(shop, size)
        shop.be_live()
        ours = read("pager", history.window, shop.stack.environment)
        theirs = read("auto_paging_iter", history.window, shop.stack.environment)
        made = shop.report(history.window)
        for name, one in (("pager alone", ours), ("auto_paging_iter", theirs)):
            results.add(f"baseline, {name}", **_cost(one.rows, one.seconds, one.cpu))
        results.add("baseline, whole report", **_cost(made.report.rows, made.seconds, made.cpu))
        ratios = {
            "wall_gain": theirs.seconds / ours.seconds,
            "cpu_gain": theirs.cpu / ours.cpu,
            "report_wall_gain": theirs.seconds / made.seconds,
            "report_cpu_gain": theirs.cpu / made.cpu,
            "wrong": int(_read(ours) != _read(theirs) or ours.rows != history.rows),
        }
        results.add("baseline, ratios", **ratios)
        verdicts.judge(f"baseline, {size:,}", ratios)
        results.print_json()


def _cost(rows: int, seconds: float, cpu: float) -> dict[str, float]:
    return {"rows": rows, "seconds": seconds, "cpu_s": cpu, "cpu_us_a_row": cpu / rows * 1e6}


def _read(one: Read) -> tuple[int, int]:
    return one.rows, one.net


def memory(sizes: Sequence[int], verdicts: Verdicts) -> None:
    """A worker's peak at two sizes, as quickly as the machine goes."""
    peaks = []
    with open_shop(QUICK) as shop:
        for size in sizes:
            results = Results("reports", transactions=size)
            history = make(shop, size)
            made = shop.report(history.window)
            figures = {
                "rows": history.rows,
                "seconds": made.seconds,
                "cpu_s": made.cpu,
                "mb_peak": made.mb_peak,
                **history.wrong_in(made),
            }
            shop.forget(made)
            peaks.append(made.mb_peak)
            if len(peaks) > 1:
                figures["mb_ratio"] = peaks[-1] / peaks[0]
            results.add("memory", **figures)
            verdicts.judge(f"memory, {size:,}", figures)
            results.print_json()


def holds(size: int, count: int, verdicts: Verdicts) -> None:
    """What a person waits for a hold while a report runs, between two times without one."""
    with open_shop(LIVE, web=True) as shop:
        results = Results("reports", transactions=size)
        history = make(shop, size)
        placing = Holds(shop)
        shop.be_live()
        quiet = placing.place(count)
        busy, made = placing.place_during(count, history)
        quiet += placing.place(count)
        refused = json.loads(shop.stripe.get("/_sandbox/requests"))["statuses"].get("429", 0)
        wrong = [history.wrong_in(one) for one in made]
        figures = {
            "holds_quiet": len(quiet),
            "holds_busy": len(busy),
            "p50_quiet_s": _percentile(quiet, 0.5),
            "p50_busy_s": _percentile(busy, 0.5),
            "p95_quiet_s": _percentile(quiet, 0.95),
            "p95_busy_s": _percentile(busy, 0.95),
            "p95_ratio": _percentile(busy, 0.95) / _percentile(quiet, 0.95),
            "reports": len(made),
            "refused_429": refused,
            **{name: sum(one[name] for one in wrong) for name in wrong[0]},
        }
        results.add("holds", **figures)
        verdicts.judge(f"holds, {size:,}", figures)
        results.print_json()


def _percentile(waits: Sequence[float], share: float) -> float:
    """The wait that this share of all did not exceed."""
    return sorted(waits)[math.ceil(share * len(waits)) - 1]

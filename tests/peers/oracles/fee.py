"""Computes fees, their taxes, nets and surcharges with Python's decimal, rounding half up."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from batch import serve

WHOLE = Decimal(10_000)


def percent(amount, bps):
    return (Decimal(amount) * Decimal(bps) / WHOLE).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def costs(case):
    applied = Decimal(case["applied"])
    fee = max(percent(applied, case["bps"]) + case["flat"], Decimal(case["min"]))
    if case["cap"] is not None:
        fee = min(fee, Decimal(case["cap"]))
    fee = min(fee, applied)
    tax = min(percent(fee, case["tax_bps"]), applied - fee)
    surcharge = percent(applied, case["surcharge_bps"]) + case["surcharge_flat"]
    return [int(fee), int(tax), int(applied - fee - tax), int(surcharge)]


with localcontext() as context:
    context.prec = 60
    serve(costs)

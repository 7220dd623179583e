"""Divides payments over children and a merchant with Python's decimal, by the largest remainder."""

from decimal import Decimal, localcontext

from batch import serve

WHOLE = Decimal(10_000)


def hand_out(total, weights):
    whole = sum(weights)
    if whole == 0:
        return [Decimal(0)] * len(weights)
    exact = [(Decimal(total) * weight // whole, Decimal(total) * weight % whole) for weight in weights]
    shares = [share for share, _ in exact]
    neediest = sorted(range(len(weights)), key=lambda at: exact[at][1], reverse=True)
    for at in neediest[: int(total - sum(shares))]:
        shares[at] += 1
    return shares


def amounts(applied, rules):
    fixed = [Decimal(rule["amount"] or 0) for rule in rules]
    shared = applied - sum(fixed)
    weights = [applied * Decimal(rule["bps"] or 0) for rule in rules]
    weights.append(shared * WHOLE - sum(weights))
    parts = hand_out(shared, weights)
    return [part + more for part, more in zip(parts, fixed + [Decimal(0)])]


def divide(case):
    applied, rules = Decimal(case["applied"]), case["rules"]
    parts = amounts(applied, rules)
    bearing = [part if rule["bears"] else Decimal(0) for part, rule in zip(parts, rules)]
    bearing.append(applied - sum(bearing))
    fees, taxes = hand_out(Decimal(case["fee"]), bearing), hand_out(Decimal(case["tax"]), bearing)
    children = []
    for part, fee, tax in zip(parts[:-1], fees, taxes):
        fee = min(fee, part)
        children.append([part, fee, min(tax, part - fee)])
    sums = [sum(column) for column in zip(*children)] if children else [0, 0, 0]
    own = [parts[-1], Decimal(case["fee"]) - sums[1], Decimal(case["tax"]) - sums[2]]
    return [[int(number) for number in part] for part in [*children, own]]


with localcontext() as context:
    context.prec = 60
    serve(divide)

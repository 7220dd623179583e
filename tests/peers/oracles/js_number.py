"""Prints amounts of paise as JavaScript would: the shortest text that reads back as the same double."""

from decimal import Decimal

from batch import serve


def text(minor):
    shortest = repr(float(Decimal(minor).scaleb(-2)))
    return format(Decimal(shortest), "f").removesuffix(".0")


serve(text)

"""Judges amount texts with Python's decimal: a number of paise, or the name of the fault."""

import string
from decimal import Decimal, InvalidOperation

from batch import serve

# What decimal reads and an amount may not hold: exponents and words, underscores, a plus sign, blanks.
FORBIDDEN = set(string.ascii_letters + "_+" + string.whitespace)


def judge(text):
    if text == "":
        return "Empty"
    if not text.isascii() or FORBIDDEN & set(text):
        return "Malformed"
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Malformed"
    whole, point, decimals = text.removeprefix("-").partition(".")
    if whole == "" or (point and decimals == ""):
        return "Malformed"
    if number.as_tuple().exponent < -2:
        return "TooManyDecimals"
    if number.is_signed():
        return "Negative"
    if len(whole) > 15:
        return "TooLarge"
    return int(number.scaleb(2))


serve(judge)

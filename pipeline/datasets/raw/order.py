"""Order of file names as people read them: 2.png before 10.png."""

import re

DIGITS = re.compile(r"\d+")


def natural_key(name: str) -> str:
    """Sorts runs of digits by their number and the text between them by letter, capitals and small ones alike."""
    return DIGITS.sub(_number_key, name.casefold()) + "\0\0" + name


def _number_key(digits: re.Match[str]) -> str:
    """A number's length before it orders numbers of any length; a text ends before whatever goes on."""
    number = str(int(digits[0]))
    return f"\0{len(number):04d}{number}\0{digits[0]}\0"

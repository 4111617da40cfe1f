"""Times: durations as people write them, and moments as text. Everything inside is whole milliseconds."""

from __future__ import annotations

import re
import time

UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(\.\d+)?)?)? ?(Z|UTC|[+-]\d\d:?\d\d)?$")
ISO_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")


def duration(value: str | int | float) -> int:
    """Milliseconds of `90` (seconds), `"90s"`, `"1h30m"`, `"500ms"`; a leading minus is kept."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return round(value * 1000)
    text = str(value).strip()
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("-")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return sign * round(float(text) * 1000)
    parts = PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"not a duration: {value!r}")
    return sign * sum(round(float(number) * UNITS[unit]) for number, unit in parts)


def iso_duration(text: str) -> int:
    """Milliseconds of an ISO 8601 duration such as `PT5M` or `P1D`."""
    match = ISO_DURATION.match(text)
    if not match or text in ("P", "PT"):
        raise ValueError(f"not an ISO 8601 duration: {text!r}")
    days, hours, minutes, seconds = (int(group or 0) for group in match.groups())
    return (days * 86_400 + hours * 3_600 + minutes * 60 + seconds) * 1000


def moment(value: str | int | float, start: int | None = None) -> int:
    """Milliseconds since 1970 of an RFC 3339 text; with `start`, durations and numbers count from there."""
    if isinstance(value, str):
        match = MOMENT.match(value.strip())
        if match:
            day, clock, seconds, fraction, zone = match.groups()
            from datetime import datetime, timezone  # only here: most commands never read a date

            parsed = datetime.fromisoformat(f"{day}T{clock or '00:00'}:{seconds or '00'}").replace(tzinfo=timezone.utc)
            offset = 0
            if zone and zone not in ("Z", "UTC"):
                digits = zone[1:].replace(":", "")
                offset = (int(digits[:2]) * 60 + int(digits[2:])) * 60_000 * (-1 if zone[0] == "-" else 1)
            return int(parsed.timestamp()) * 1000 + round(float(fraction or 0) * 1000) - offset
    if start is None:
        raise ValueError(f"not a moment: {value!r}")
    return start + duration(value)


def text(milliseconds: int) -> str:
    """RFC 3339 in UTC, to the second: `2026-06-02T09:00:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(milliseconds // 1000))


def elapsed(milliseconds: int) -> str:
    """A short form for people: `1h02m03s`, `4.5s`."""
    sign, rest = ("-", -milliseconds) if milliseconds < 0 else ("", milliseconds)
    seconds, fraction = divmod(rest, 1000)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    shown = f"{seconds}" + (f".{fraction:03}".rstrip("0") if fraction else "")
    if hours:
        return f"{sign}{hours}h{minutes:02}m{seconds:02}s"
    return f"{sign}{minutes}m{seconds:02}s" if minutes else f"{sign}{shown}s"

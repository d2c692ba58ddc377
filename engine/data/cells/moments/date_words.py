"""Words in dates: months and weekdays in the languages of most tables, time zones; dates as words."""

from __future__ import annotations

import numpy as np

_WESTERN = """
jan january januar jänner janvier janv enero ene gennaio gen janeiro januari
feb february februar februari février févr fév febrero febbraio fevereiro fev
mar march märz mrz maerz mär mars marzo março maart mrt
apr april avril avr abril abr aprile
may mai mayo maggio mag maio mei
jun june juni juin junio giugno giu junho
jul july juli juillet juil julio luglio lug julho
aug august août aout agosto ago augustus
sep sept september septembre septiembre settembre set setembro
oct october oktober okt octobre octubre ottobre ott outubro out
nov november novembre noviembre novembro
dec december dezember dez décembre déc diciembre dic dicembre dezembro
"""
_EASTERN = """
styczeń stycznia sty январь января янв
luty lutego lut февраль февраля фев
marzec marca март марта мар
kwiecień kwietnia kwi апрель апреля апр
maja май мая
czerwiec czerwca cze июнь июня июн
lipiec lipca lip июль июля июл
sierpień sierpnia sie август августа авг
wrzesień września wrz сентябрь сентября сен сент
październik października paź октябрь октября окт
listopad listopada lis ноябрь ноября ноя
grudzień grudnia gru декабрь декабря дек
"""
MONTHS = {
    name: number
    for language in (_WESTERN, _EASTERN)
    for number, names in enumerate(language.strip().splitlines(), start=1)
    for name in names.split()
}
"""Names and abbreviations of months in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish
and Russian."""

_WEEKDAYS = """
mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday
mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag
lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche
lunes martes mié miércoles jue jueves vie viernes sáb sábado dom domingo
"""
WEEKDAYS = frozenset(_WEEKDAYS.split())
"""What may stand before a date; it says nothing that the date does not."""

# letters that mean several zones (CST, BST) are taken as in America and Britain
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "bst": 60, "eet": 120,
    "eest": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "jst": 540,
}  # fmt: skip
"""Minutes east of Greenwich."""


def date_at(days: float, *, timed: bool) -> str:
    """Return the date so many days after 1970 as 2024-12-31, `timed` with hour and minute; "" for none."""
    try:
        moment = np.datetime64(0, "m") + np.timedelta64(round(days * 24 * 60), "m")
    # what a network predicts may be infinite, NaN, or beyond every calendar
    except (OverflowError, ValueError):
        return ""
    return str(moment).replace("T", " ") if timed else str(moment.astype("datetime64[D]"))

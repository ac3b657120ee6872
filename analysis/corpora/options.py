"""What a reader of a corpus may be told: which columns mean what, how messages are written, where they end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from hubbub.simulator.errors import ConfigurationError, complaint

USUAL = {
    "message": "message messages utterance utterances signal signals msg tokens symbols form sentence string "
    "text word input_ids",
    "speaker": "speaker speakers sender senders agent speaker_id sender_id agent_id sender_idx speaker_idx "
    "participant author from",
    "listener": "listener listeners receiver receivers hearer listener_id receiver_id receiver_idx listener_idx "
    "recv_idx addressee to",
    "referent": "referent referents meaning meanings sender_input object target topic concept stimulus input "
    "label class referent_id meaning_id object_id image_id",
    "identity": "referent_id meaning_id object_id image_id",
    "group": "group community dialect population faction cluster",
    "length": "length lengths message_length n_symbols",
    "success": "success correct accuracy acc",
    "step": "step epoch iteration generation",
    "split": "split fold",
}
"""Names of columns that are understood, for each role; the first that a file has is taken."""
NAMES = {role: tuple(names.split()) for role, names in USUAL.items()}

ATTRIBUTE = re.compile(r"(attributes?|attr|features?|referents?|meanings?|objects?|targets?)[ _.:-]?\w+", re.IGNORECASE)
"""Columns that are attributes of the referent where no other column is."""
OF_HUBBUB = {"step", "split", "agent", "referent", "length", "message"}
"""Columns of hubbub's own table of messages; its others are the attributes of the referent."""


@dataclass(frozen=True)
class Options:
    """Options of `read_corpus`; see there."""

    message: str = ""
    speaker: str = ""
    listener: str = ""
    referent: str = ""
    identity: str = ""
    group: str = ""
    length: str = ""
    success: str = ""
    step: str = ""
    split: str = ""
    at_step: str = "last"
    of_split: str = "all"
    separator: str = ""
    end_symbol: str | int | None = "auto"
    padding: int | None = None
    utterance_length: int | None = None
    utterance_end: int | None = None
    one_hot: int | None = None
    vocabulary: int | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Options:
        """Return the options with these names and values, which may be texts of a command line.

        Raises
        ------
        ConfigurationError
            An unknown name, or a number that is not whole.
        """
        known = {one.name: one for one in fields(cls)}
        made: dict[str, Any] = {}
        for name, value in given.items():
            if name not in known:
                raise ConfigurationError(
                    complaint("option", expected=f"one of {', '.join(known)}", got=name, valid=known)
                )
            if "int" not in str(known[name].type):
                made[name] = str(value)
            elif value in (None, "none", "None", "auto"):
                made[name] = "auto" if value == "auto" else None
            else:
                made[name] = _whole(name, value)
        return cls(**made)


def _whole(name: str, value: Any) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    least = 1 if name in ("utterance_length", "one_hot", "vocabulary") else -(2**31)
    if number < least or (number == -1 and str(value) != "-1"):
        raise ConfigurationError(
            complaint(name, expected=f"a whole number{' above 0' if least == 1 else ''}", got=value)
        )
    return number


def roles_of(columns: Iterable[str], options: Options) -> tuple[dict[str, str], list[str], list[str]]:
    """Return the column of each role, the columns that are attributes of the referent, and those left out.

    Raises
    ------
    ConfigurationError
        A column that an option names is not there, or there is no column of messages.
    """
    names = list(columns)
    folded = {name.strip().lower().replace(" ", "_"): name for name in reversed(names)}
    roles: dict[str, str] = {}
    chosen = [name for name in options.referent.split(",") if name and name != "none"]
    for role, usual in NAMES.items():
        given = getattr(options, role)
        if role == "message" and set(places := given.split(",")) <= set(names) and len(places) > 1:
            roles[role] = given  # a column for each position
            continue
        if given == "none" or (role == "referent" and chosen):
            continue
        if given and given not in names:
            raise ConfigurationError(
                complaint(role, expected=f"one of the columns {', '.join(names)}", got=given, valid=names)
            )
        found = given or next((folded[name] for name in usual if name in folded), "")
        if found and found not in roles.values():
            roles[role] = found
    if "message" not in roles:
        raise ConfigurationError(
            f"message: expected a column of messages ({', '.join(NAMES['message'][:6])} …), got the columns "
            f"{', '.join(names[:12])}; name it: message=COLUMN"
        )
    for name in chosen:
        if name not in names:
            raise ConfigurationError(
                complaint("referent", expected=f"one of the columns {', '.join(names)}", got=name, valid=names)
            )
    used = {*roles.values(), *roles["message"].split(",")}
    if options.referent:
        attributes = chosen
    elif set(names) >= OF_HUBBUB:
        attributes = [name for name in names if name not in OF_HUBBUB and not name.endswith("name")]
    else:
        attributes = [name for name in names if name not in used and ATTRIBUTE.fullmatch(name)]
        attributes = [name for name in attributes if not re.search(r"(_id|_idx|name)$", name)]
    if attributes and "referent" in roles and not options.referent and "identity" not in roles:
        roles["identity"] = roles.pop("referent")  # a number or name of what the other columns describe
    rest = [name for name in names if name not in used and name not in attributes]
    return roles, attributes, rest

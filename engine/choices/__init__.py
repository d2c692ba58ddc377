"""The ground floor: choices, their settings and families, and the problems a person is told."""

from engine.choices.choice import Choice, ChoiceText, Family, kind_of
from engine.choices.loading import import_siblings
from engine.choices.messages import Message, first_value, joined, template_of
from engine.choices.problems import Invalid, Problem, did_you_mean, problems_in
from engine.choices.records import Field, Record, fields, located, paths_in, with_paths
from engine.choices.settings import Setting

__all__ = [
    "Choice",
    "ChoiceText",
    "Family",
    "Field",
    "Invalid",
    "Message",
    "Problem",
    "Record",
    "Setting",
    "did_you_mean",
    "fields",
    "first_value",
    "import_siblings",
    "joined",
    "kind_of",
    "located",
    "paths_in",
    "problems_in",
    "template_of",
    "with_paths",
]

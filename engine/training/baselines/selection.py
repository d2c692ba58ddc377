"""Which baselines fit the data and the task."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.data.description import PartName
from engine.data.prepared import Prepared
from engine.data.raw import TaggedTexts, TextPairs, Texts, Timeline
from engine.learning.metrics import Metric
from engine.tasks.task import Task
from engine.training.baselines.beside import Beside
from engine.training.baselines.dictionary import dictionary
from engine.training.baselines.forecasts import naive_forecasts
from engine.training.baselines.runs_of_tokens import n_grams
from engine.training.baselines.tags import usual_tags
from engine.training.baselines.vectors import constant, linear
from engine.training.baselines.words import weighted_words

_Make = Callable[[Prepared, Task, Sequence[Metric], PartName], Beside]


def baselines(prepared: Prepared, task: Task, metrics: Sequence[Metric], part: PartName) -> Beside:
    """Return the scores on `part` of models without a network, fitted on the training part alone.

    Labels: "usual_labels" (always the most frequent set of labels) and "logistic" or "tf_idf", one regression
    for each label. Classes: "majority" (always the most frequent class, with the frequencies as
    probabilities) and "logistic" (multinomial logistic regression), for texts "tf_idf" (logistic regression
    of weighted words and pairs of words). Numbers: "mean" (always the mean) and "ridge" (linear regression);
    for forecasts also "last_value" and "seasonal_naive". Tags: "usual_tag". Tokens: "five_gram".
    Translations: "dictionary".

    No examples: no baselines. A metric that a baseline cannot be judged by is left out.
    """
    if not len(prepared.train) or not len(prepared.part(part)):
        return Beside({})
    metrics = [metric for metric in metrics if not metric.problems(prepared.description.targets)]
    found = [make(prepared, task, metrics, part) for make in _fitting(prepared, task)]
    scores = {name: values for one in found for name, values in one.scores.items()}
    return Beside(scores, tuple(note for one in found for note in one.notes))


def _fitting(prepared: Prepared, task: Task) -> list[_Make]:
    match task.target, prepared.raw:
        case "tags", TaggedTexts():
            return [usual_tags]
        case "tokens", _:
            return [n_grams]
        case "translation", TextPairs():
            return [dictionary]
        case "numbers", Timeline():
            return [constant, naive_forecasts, linear]
        case (("classes" | "labels"), Texts()):
            return [constant, weighted_words]
        case (("classes" | "labels" | "numbers"), _):
            return [constant, linear] if prepared.description.inputs.kind != "tokens" else [constant]
    return []

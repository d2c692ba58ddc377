"""What answers unequal classes is a click away on the data page: the weights of the loss."""

from __future__ import annotations

from app.data.decision_words import changed, other_words
from engine.data.decisions import decision_in
from engine.data.preparation.doubts import unequal_classes
from engine.experiment import Experiment
from engine.learning.class_weights import BalancedClassWeights


def test_that_balanced_weights_can_be_taken_from_what_is_told() -> None:
    experiment = Experiment()
    decision = decision_in(unequal_classes("y", ["good", "bad"], [95, 5])[0])
    (other,) = decision.others
    after = changed(experiment, decision.setting, other.value)
    assert isinstance(after.loss.class_weights, BalancedClassWeights)  # type: ignore[attr-defined]
    assert "balanced" in other_words(decision, other, experiment)

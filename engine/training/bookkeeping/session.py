"""A session: what is noted beside the steps of a run, in one order: epoch, report, probes, checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from time import perf_counter
from typing import Any

import torch

from engine.choices import Invalid, Message, Problem
from engine.edits import Recipe
from engine.events import Edited, Event, RunEnded, StateChanged, Warned, WentBack
from engine.experiment import Experiment
from engine.training.assemble import Assembly
from engine.training.bookkeeping import ending as endings
from engine.training.bookkeeping.breaking import Breakage, Losses, broken_weights
from engine.training.bookkeeping.clock import Clock
from engine.training.bookkeeping.ending import Ending
from engine.training.bookkeeping.epochs import Epochs
from engine.training.bookkeeping.probing import Probing
from engine.training.bookkeeping.repeating import put_back, steps_again
from engine.training.bookkeeping.reports import Reports
from engine.training.bookkeeping.saving import Save, Saving
from engine.training.checkpoint import Checkpoint
from engine.training.control import Control, Wishes
from engine.training.footprint import refuse_too_large
from engine.training.learner import Learner
from engine.training.plan import Plan


class Session:
    """A run between its first and its last event; `ending` is set once it is to end."""

    def __init__(
        self,
        assembly: Assembly,
        start: Checkpoint | None,
        control: Control,
        save: Save,
        earlier: Mapping[str, Sequence[float]],
        recipe: Recipe,
    ) -> None:
        """Stand at `start`, or before the first step. Raises Invalid when it is not of this experiment."""
        self.assembly, self.control, self.recipe = assembly, control, recipe
        self.learner, self.epochs = Learner(assembly), Epochs(assembly)
        self.decisions: dict[str, Any] = {"threads": torch.get_num_threads()}
        self.ending: Ending | None = None
        # edits that were made before the first step hold from there on
        self._follow()
        if start is not None:
            put_back(self.learner, recipe, start)
            self._follow()
            self.epochs.load(self.learner.epoch, start.tensors, earlier)
            self.decisions.update(start.decisions)
            if recipe.at(start.step):
                # It was to end by what held before: whoever edited it then lets it go on, or asks anew.
                self.decisions.pop("ended", None)
        self.learner.hear(self.epochs.series)
        self.threads = int(self.decisions["threads"])  # those it was begun with: the last bits depend on them
        self.probing = Probing(assembly, self.learner, assembly.experiment.probes)
        self.clock = Clock(0.0 if start is None else start.seconds, self.learner.step)
        # said again where the run goes on at their step: more epochs were given while nobody listened
        self._edited = [self._edits_of(self.learner.step)] if recipe.at(self.learner.step) else []
        """Edits that nobody has heard of yet."""
        self._losses = Losses()
        self._broken: Breakage | None = None
        """What broke, where the run is to go back with the next report."""
        self._reports = Reports(self.learner, self.epochs, self.clock)
        self._skips_told = self.learner.skipped
        self._saving = Saving(self._checkpoint, save, self.learner.epoch)
        self._conclude()
        if start is None and assembly.experiment.start.source:
            self._saving.write(0)  # from now on the run can go on without the file the weights came from

    def over(self) -> bool:
        """Return whether the run is to end."""
        return self.ending is not None

    @property
    def released(self) -> bool:
        """Return whether it ends for the sake of its memory alone."""
        return self.ending is not None and self.ending.state == "paused"

    # --- after a step ----------------------------------------------------------------------------------

    def note_step(self) -> None:
        """Close the epoch where the step ended one; nothing is said, and nothing read, before it is due."""
        learner = self.learner
        if learner.at_epoch_end:
            self._close_epoch()
        # No more losses can wait on the device: the next report reads them.
        elif learner.full:
            self.clock.hurry()
        if learner.step == self.recipe.next:
            self._repeat_edits()
        if self._broken is not None:
            self.clock.hurry()
        # after the edits: a run that was given more epochs at its end does not end there when it is repeated
        elif learner.at_epoch_end:
            self._conclude()
        if self.control.attention:
            self.control.stepped(learner.at_epoch_end)

    def report(self) -> Iterator[Event]:
        """Say the numbers since the last report; then measure probes, then write a checkpoint, if due."""
        if not self.over():
            self._read()
        yield from self._reports.next()
        yield from self._untold_edits()
        yield from self._untold_skips()
        if self._broken is not None and not self.over():
            yield from self._go_back(self._broken)
        if not self.over():
            if self.probing.due(now := perf_counter()):
                yield from self.probing.take(now)
            if self._saving.due(self.learner.epoch):
                self._saving.write(self.learner.epoch)

    def _close_epoch(self) -> None:
        self._read()
        if self.over() or self._broken is not None:
            return
        with self.learner.judged.shown(self.learner.step):
            sound = self.epochs.close(self.learner.close_epoch())
        self.learner.hear(self.epochs.series)
        if not sound:
            self._break(broken_weights(self.learner.step))
        elif self._saving.due(self.learner.epoch):
            self.clock.hurry()

    def _conclude(self) -> None:
        """End the run where a rule says so, said so before this session, or all epochs are done."""
        if self.over():
            return
        epoch, chosen = self.learner.epoch, self.recipe.experiment
        epochs = chosen.training.epochs
        if "ended" not in self.decisions and self.learner.at_epoch_end and epoch > 0:
            why = (
                endings.all_done(epochs)
                if epoch >= epochs
                else self.epochs.verdict(chosen, self.clock.seconds)
            )
            # Recorded, as a rule may have looked at the clock: a run gone on with ends at the same step.
            if why is not None:
                self.decisions["ended"] = why
        if "ended" in self.decisions:
            self.ending = endings.finished(self.decisions["ended"])

    def _read(self) -> None:
        """Take over the losses since the last reading; the first that is not finite breaks the run."""
        # what comes after a break is void
        if self._broken is not None:
            return
        steps = self.learner.read()
        if not steps.values["loss"]:
            return
        broken = self._losses.take(steps, self.recipe.experiment.training.recovery, self.learner.batch_size)
        if broken is not None and (broken.ends or self._may_go_back()):
            steps = steps.until(broken.step)
            self._break(broken)
        else:
            self._saving.found_sound(self.learner.step)
        self._reports.add(steps)

    # --- where numbers break ---------------------------------------------------------------------------

    def _may_go_back(self) -> bool:
        """Return whether the run may go back once more, rather than end."""
        return not self.over() and self.recipe.times_back < self.recipe.experiment.training.recovery.times

    def _break(self, broken: Breakage) -> None:
        """Let the run go back with the next report, or end."""
        if self._may_go_back():
            self._broken = broken
        else:
            self.ending = endings.broken_by(broken)

    def _go_back(self, broken: Breakage) -> Iterator[Event]:
        """Stand at the last good checkpoint; from there on another learning rate holds, as an edit."""
        back = self._stand_before(broken.last_good)
        chosen = self.recipe.experiment
        rate = chosen.training.recovery.lowered(chosen.optimizer.learning_rate)
        why = Message(
            "{what}. Back to step {step}, from where the learning rate is {rate}.",
            what=broken.what,
            step=back,
            rate=f"{rate:g}",
        )
        yield from self._edit_by_itself({"optimizer.learning_rate": rate}, why)

    def make_room(self) -> Iterator[Event]:
        """Stand at the last good checkpoint; from there on half as many examples are worked out at once."""
        count, half = self.learner.at_once, (self.learner.at_once + 1) // 2
        # what is known of the steps before is said, as what is void is said by its step alone
        self._read()
        yield from self._reports.next()
        back = self._stand_before(self.learner.step)
        why = Message(
            "The memory was not enough for {count} examples at once. Back to step {step}, from where {half} "
            "are worked out at a time: the same gradients, in less memory.",
            count=count,
            step=back,
            half=half,
        )
        yield from self._edit_by_itself({"training.micro_batch": half}, why)

    def _stand_before(self, step: int) -> int:
        """Stand at the last good checkpoint from which `step` can be reached; return its step."""
        back, learner = self._saving.before(step), self.learner
        put_back(learner, self.recipe, back)
        self.epochs.load(learner.epoch, back.tensors, self.epochs.series)
        learner.hear(self.epochs.series)
        self._saving.stand_at(back)
        self._losses.forget()
        self.clock.went_back(back.step)
        self._broken = None
        return back.step

    def _edit_by_itself(self, values: Mapping[str, Any], why: str) -> Iterator[Event]:
        """Let settings have other values from the checkpoint on that the run has gone back to."""
        learner = self.learner
        # Said first, so that all beyond is gone from the disk before the edit is there: whoever is killed
        # in between goes on from the checkpoint, and breaks and goes back as here.
        yield WentBack(learner.step, learner.epoch, why)
        after = self.recipe.edited(learner.step, values)
        self.recipe.take(learner.step, after, why)
        self._follow()
        yield self._edits_of(learner.step)

    # --- before a step ---------------------------------------------------------------------------------

    def heed(self) -> Iterator[Event]:
        """Do what others want: answer questions, watch other probes, go slowly, hold while paused, end."""
        wishes = self.control.wishes()
        yield from self._fulfil(wishes)
        while wishes.rest > 0 and not wishes.hold and not self.over():
            self.clock.left_out(self._rested(wishes.rest))
            wishes = self.control.wishes()
            yield from self._fulfil(wishes)
        if not wishes.hold or self.over():
            return
        yield from self.report()
        if self.over():
            return
        yield from self.probing.take()
        # A pause may last until the machine is switched off.
        self._saving.write(self.learner.epoch)
        self.clock.hold()
        yield StateChanged("paused", self.learner.step)
        while wishes.hold and not self.over():
            if wishes.release:
                # all that goes on from here is in the checkpoint: this session ends, and another goes on
                self.ending = endings.released(self.learner.step)
                return
            self.control.wait()
            wishes = self.control.wishes()
            yield from self._fulfil(wishes)
        self.clock.go_on()
        if not self.over():
            yield StateChanged("running", self.learner.step)

    def _rested(self, seconds: float) -> float:
        """Rest for so long, or until somebody wants something; return how many seconds that were."""
        begun = perf_counter()
        self.control.wait(seconds)
        return perf_counter() - begun

    def _fulfil(self, wishes: Wishes) -> Iterator[Event]:
        if wishes.questions:
            # who asks of a run in training means what would be kept of it
            with self.learner.judged.shown(self.learner.step):
                for question in wishes.questions:
                    question()
        if wishes.ending == "stop":
            self.ending = endings.stopped(self.learner.step)
        elif wishes.ending == "interrupt":
            self.ending = endings.interrupted(self.learner.step)
        elif wishes.probes is not None:
            self.probing.watch(wishes.probes)
            yield from self.probing.take()
        for values, answer in wishes.edits:
            yield from self._edit(values, answer)

    # --- edits -----------------------------------------------------------------------------------------

    def _edit(self, values: Mapping[str, Any], answer: Future[Edited]) -> Iterator[Event]:
        """Let settings have other values from the next step on, or answer why they cannot."""
        if not answer.set_running_or_notify_cancel():
            return
        step = self.learner.step
        # what was learnt until now is told by what held until now: the learning rate of each step
        if not self.over():
            self._read()
        try:
            if self.over() or self._broken is not None:
                why = (
                    "the run is about to end" if self.over() else "the run is about to go back; edit it anew"
                )
                raise Invalid([Problem("", why)])
            after = self.recipe.edited(step, values)
            # as a whole and as any other: what fits alone may not fit together
            plan = Plan(after, self.assembly.plan.prepared)
            if after.groups != self.recipe.experiment.groups:
                # which layers there are to be grouped is known of the network alone
                _ = plan.blueprint
            self._refuse_too_few_epochs(after)
            if plan.at_once > self.learner.at_once:
                refuse_too_large(plan, self.assembly.device)
            self.recipe.take(step, after)
        except (Invalid, OSError) as error:
            answer.set_exception(error)
            return
        self._follow()
        self._conclude()
        edited = self._edits_of(step)
        yield from self._reports.next()
        yield edited
        answer.set_result(edited)

    def _refuse_too_few_epochs(self, after: Experiment) -> None:
        # the one under way, too
        begun = self.learner.epoch + (not self.learner.at_epoch_end)
        if after.training.epochs < begun:
            why = Message("must be at least {count}: so many are done or begun", count=begun)
            raise Invalid([Problem("training.epochs", why)])

    def _repeat_edits(self) -> None:
        """Take the edits of this very step up, as they were when it was reached for the first time."""
        if not self.over():
            self._read()
        if self._broken is not None:
            return
        self.recipe.stand_at(self.learner.step)
        self._follow()
        self._edited.append(self._edits_of(self.learner.step))
        self.clock.hurry()

    def _follow(self) -> None:
        """Go on by the experiment that the recipe has where the run stands."""
        self.learner.follow(self.recipe)
        self.epochs.loss_since, self.epochs.timetable = self.recipe.loss_since, self.learner.timetable

    def _edits_of(self, step: int) -> Edited:
        epochs, stretches = self.recipe.experiment.training.epochs, self.learner.timetable.stretches
        return Edited(step, self.recipe.at(step), epochs, stretches[1:])

    def _untold_edits(self) -> Iterator[Edited]:
        waiting, self._edited = self._edited, []
        yield from waiting

    def _untold_skips(self) -> Iterator[Warned]:
        told, self._skips_told = self._skips_told, self.learner.skipped
        # fewer where the run went back: what is skipped again is told again
        if self._skips_told > told:
            why = Message(
                "{new} of the last steps were skipped, {count} of the run: their gradients left the range of "
                "float16. The loss is now scaled by {scale:g}; the next steps are taken again.",
                new=self._skips_told - told,
                count=self._skips_told,
                scale=min(one.scaling.scale for one in self.learner.learnt if one.scaling is not None),
            )
            yield Warned(self.learner.step, why)

    # --- checkpoints and the end -----------------------------------------------------------------------

    def _checkpoint(self) -> Checkpoint:
        tensors = self.learner.tensors() | self.epochs.tensors()
        return Checkpoint(self.learner.step, self.clock.seconds, tensors, dict(self.decisions))

    def last_report(self) -> Iterator[Event]:
        """Say the last numbers, and where the run broke, why."""
        # Where it is not known to be broken: this may find that it broke in its last steps.
        if self._broken is not None:
            if self._broken.ends:
                self.ending = endings.broken_by(self._broken)
        elif self._ended().last_good is None:
            self._read()
        yield from self._reports.next()
        yield from self._untold_edits()
        yield from self._untold_skips()
        if (ending := self._ended()).last_good is not None:
            yield Warned(self.learner.step, ending.why)

    def going_back(self) -> Iterator[None]:
        """Put the last sound checkpoint back where the run broke; yield before every step to be repeated."""
        learner, last_good = self.learner, self._ended().last_good
        if last_good is None:
            return
        put_back(learner, self.recipe, self._saving.before(last_good))
        yield from steps_again(learner, self.recipe, last_good)

    def finish(self) -> Iterator[Event]:
        """Write the last checkpoint, load the weights that are kept and say how it ended.

        Where the memory is only released, nothing has ended.
        """
        ending, learner = self._ended(), self.learner
        # Before the best weights are put in place: a run that is resumed goes on from the last ones.
        self._saving.write(learner.epoch)
        if self.released:
            return
        scores = {}
        if ending.state != "interrupted":
            yield from self.probing.take_last()
            learner.judged.put(learner.step)
            self.epochs.restore_best()
            best = self.epochs.best_epoch
            kept = learner.step if best is None else learner.timetable.end(best)
            yield from self.probing.take_kept(kept)
            scores = self.epochs.final_scores(self.threads)
        yield RunEnded(ending.state, learner.step, learner.epoch, ending.why, scores)

    def _ended(self) -> Ending:
        assert self.ending is not None
        return self.ending

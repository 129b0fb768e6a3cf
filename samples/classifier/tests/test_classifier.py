"""The network's training, on images of noise: no data set is needed."""
from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path
from typing import List

sys.path.append(str(Path(__file__).resolve().parents[1]))

import torch  # noqa: E402
import train  # noqa: E402, F401  Finds the clients and what the samples share.
from learner import DEFAULTS, Data, Learner  # noqa: E402
from network import augment  # noqa: E402

DONOR = {**DEFAULTS, "learning_rate": 0.05, "momentum": 0.5, "weight_decay": 1e-3, "dropout": 0.7}


def noise() -> Data:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(64, 1, 28, 28, generator=generator) * 2 - 1, torch.randint(10, (64,), generator=generator)


def go_on(learner: Learner, seed: int) -> List[float]:
    losses: List[float] = []
    learner.train(noise(), 3, seed, lambda step, loss: losses.append(loss) is None)
    return losses


class LearnerTests(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_the_same_seed_gives_the_same_training(self) -> None:
        first, second = Learner(1), Learner(1)
        for learner in (first, second):
            learner.apply(DEFAULTS)

        self.assertEqual(go_on(first, 2), go_on(second, 2))
        self.assertNotEqual(go_on(first, 3), go_on(second, 4))

    def test_what_is_loaded_trains_on_as_what_stayed_in_memory(self) -> None:
        resident, loaded = Learner(1), Learner(2)
        resident.apply(DEFAULTS)
        go_on(resident, 3)
        resident.save(self.folder)
        loaded.load(self.folder)
        loaded.apply(DEFAULTS)

        self.assertEqual(go_on(resident, 4), go_on(loaded, 4))
        for one, two in zip(resident.network.parameters(), loaded.network.parameters()):
            self.assertTrue(torch.equal(one, two))

    def test_the_hyperparameters_are_the_members_own_and_the_momentum_is_the_donors(self) -> None:
        donor, member = Learner(1), Learner(2)
        donor.apply(DONOR)
        go_on(donor, 3)
        donor.save(self.folder)
        member.load(self.folder)
        self.assertEqual(member.optimizer.param_groups[0]["lr"], DONOR["learning_rate"])

        member.apply(DEFAULTS)

        group = member.optimizer.param_groups[0]
        self.assertEqual((group["lr"], group["momentum"], group["weight_decay"]), (0.01, 0.9, 1e-4))
        self.assertEqual(member.network.dropout.p, DEFAULTS["dropout"])
        for one, two in zip(donor.optimizer.state.values(), member.optimizer.state.values()):
            self.assertTrue(torch.equal(one["momentum_buffer"], two["momentum_buffer"]))

    def test_training_lowers_the_loss_on_what_it_sees(self) -> None:
        learner = Learner(1)
        learner.apply({**DEFAULTS, "dropout": 0.0, "augmentation": 0.0})
        _, before = learner.evaluate(noise())
        for seed in range(5):
            go_on(learner, seed)

        self.assertLess(learner.evaluate(noise())[1], before)

    def test_training_ends_when_the_report_says_so(self) -> None:
        steps: List[int] = []
        Learner(1).train(noise(), 100, 1, lambda step, loss: steps.append(step) or step < 2)

        self.assertEqual(steps, [1, 2])


class AugmentTests(unittest.TestCase):
    def test_strength_0_changes_nothing(self) -> None:
        images, _ = noise()

        self.assertTrue(torch.equal(augment(images, 0.0), images))

    def test_images_are_mirrored_and_shifted_each_by_a_draw_of_its_own(self) -> None:
        torch.manual_seed(1)
        image = torch.full((1, 1, 28, 28), -1.0)
        image[0, 0, 10, 8] = 1000.0

        moved = augment(image.expand(200, 1, 28, 28), 1.0)

        places = {divmod(int(each.argmax()), 28) for each in moved}
        # As it is, column 8; mirrored, column 19: each give or take 4.
        self.assertTrue(all(6 <= row <= 14 and (4 <= column <= 12 or 15 <= column <= 23) for row, column in places))
        self.assertGreater(len(places), 50)
        self.assertTrue(any(column <= 12 for _, column in places) and any(column >= 15 for _, column in places))

    def test_the_noise_grows_with_the_strength(self) -> None:
        torch.manual_seed(1)
        blank = torch.zeros(50, 1, 28, 28)

        self.assertAlmostEqual(augment(blank, 0.5).std().item(), 0.2, places=2)
        self.assertAlmostEqual(augment(blank, 1.0).std().item(), 0.4, places=2)


if __name__ == "__main__":
    unittest.main()

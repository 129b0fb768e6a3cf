"""The Inception score against cases worked out by hand, and the training, on images of noise: no data set is needed."""
from __future__ import annotations

import math
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List, Tuple

sys.path.append(str(Path(__file__).resolve().parents[1]))

import judge  # noqa: E402  Finds the client and the classifier too.
import torch  # noqa: E402
from adversaries import DEFAULTS, Adversaries  # noqa: E402
from inception import inception  # noqa: E402
from network import Network  # noqa: E402


class InceptionTests(unittest.TestCase):
    def test_a_table_worked_out_by_hand(self) -> None:
        # p(y) = (1/2, 1/4, 1/4). Of the first image p(y|x) = (1, 0, 0): the divergence is 1 ln(1 / (1/2)) = ln 2.
        # Of the second (0, 1/2, 1/2): 2 * 1/2 ln((1/2) / (1/4)) = ln 2. The mean is ln 2, and so the score 2.
        result = inception(torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]))

        self.assertAlmostEqual(result.score, 2.0, places=12)
        self.assertAlmostEqual(result.label_entropy, 1.5 * math.log(2), places=12)
        self.assertAlmostEqual(result.conditional_entropy, 0.5 * math.log(2), places=12)

    def test_another_by_hand_with_unequal_divergences(self) -> None:
        # p(y) = (1/2, 1/2) of the rows (3/4, 1/4), (1/4, 3/4), (1/2, 1/2), (1/2, 1/2). The first two diverge by
        # 3/4 ln(3/2) + 1/4 ln(1/2) each, the others by 0: the mean is 3/8 ln 3 - 1/2 ln 2, the score 3^(3/8) / 2^(1/2).
        result = inception(torch.tensor([[0.75, 0.25], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]]))

        self.assertAlmostEqual(result.score, 3 ** 0.375 / 2 ** 0.5, places=12)

    def test_it_is_1_where_all_images_look_alike_sure_or_unsure(self) -> None:
        self.assertAlmostEqual(inception(torch.tensor([[0.0, 1.0, 0.0]]).expand(5, 3)).score, 1.0, places=12)
        self.assertAlmostEqual(inception(torch.full((5, 3), 1 / 3)).score, 1.0, places=12)

    def test_it_is_the_number_of_classes_where_each_is_shown_alike_and_for_sure(self) -> None:
        self.assertAlmostEqual(inception(torch.eye(10).repeat(7, 1)).score, 10.0, places=9)

    def test_it_is_the_mean_divergence_for_any_table_and_within_its_bounds(self) -> None:
        torch.manual_seed(1)
        rows = torch.rand(100, 4, dtype=torch.float64).pow(3)
        rows /= rows.sum(1, keepdim=True)
        divergence = (rows * (rows / rows.mean(0)).log()).sum(1).mean().item()

        self.assertAlmostEqual(inception(rows).score, math.exp(divergence), places=12)
        self.assertTrue(1 < inception(rows).score < 4)

    def test_it_is_no_number_where_the_images_are_none(self) -> None:
        self.assertTrue(math.isnan(inception(torch.tensor([[0.5, 0.5], [math.nan, math.nan]])).score))


class JudgeTests(unittest.TestCase):
    def test_it_gives_a_distribution_for_each_image(self) -> None:
        rows = judge.probabilities(Network().eval(), torch.zeros(3, 1, 28, 28))

        self.assertEqual(rows.shape, (3, 10))
        self.assertTrue(torch.allclose(rows.sum(1), torch.ones(3)))


def noise() -> torch.Tensor:
    return torch.rand(64, 1, 28, 28, generator=torch.Generator().manual_seed(1)) * 2 - 1


def go_on(adversaries: Adversaries, seed: int) -> List[Tuple[float, float]]:
    losses: List[Tuple[float, float]] = []
    adversaries.train(noise(), 3, seed, lambda step, generator, discriminator: losses.append((generator, discriminator)) is None)
    return losses


class AdversariesTests(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_the_same_seed_gives_the_same_training_and_the_same_images(self) -> None:
        first, second = Adversaries(1), Adversaries(1)
        for adversaries in (first, second):
            adversaries.apply(DEFAULTS)

        self.assertEqual(go_on(first, 2), go_on(second, 2))
        torch.manual_seed(3)
        images = first.generate(5)
        torch.manual_seed(3)
        self.assertTrue(torch.equal(second.generate(5), images))
        self.assertEqual(images.shape, (5, 1, 28, 28))
        self.assertNotEqual(go_on(first, 4), go_on(second, 5))

    def test_what_is_loaded_trains_on_as_what_stayed_in_memory(self) -> None:
        resident, loaded = Adversaries(1), Adversaries(2)
        resident.apply(DEFAULTS)
        go_on(resident, 3)
        resident.save(self.folder)
        loaded.load(self.folder)
        loaded.apply(DEFAULTS)

        self.assertEqual(go_on(resident, 4), go_on(loaded, 4))
        torch.manual_seed(5)
        images = resident.generate(5)
        torch.manual_seed(5)
        self.assertTrue(torch.equal(loaded.generate(5), images))

    def test_each_optimizer_has_the_members_own_rate_after_a_donor_was_loaded(self) -> None:
        donor, member = Adversaries(1), Adversaries(2)
        donor.apply({"generator_learning_rate": 0.1, "discriminator_learning_rate": 0.2})
        go_on(donor, 3)
        donor.save(self.folder)
        member.load(self.folder)
        self.assertEqual(member.generator_optimizer.param_groups[0]["lr"], 0.1)

        member.apply({"generator_learning_rate": 1e-3, "discriminator_learning_rate": 2e-3})

        self.assertEqual(member.generator_optimizer.param_groups[0]["lr"], 1e-3)
        self.assertEqual(member.discriminator_optimizer.param_groups[0]["lr"], 2e-3)
        for one, two in zip(donor.generator_optimizer.state.values(), member.generator_optimizer.state.values()):
            self.assertTrue(torch.equal(one["exp_avg_sq"], two["exp_avg_sq"]))


if __name__ == "__main__":
    unittest.main()

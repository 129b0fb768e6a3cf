import tempfile
import unittest
from pathlib import Path

import support

if support.HAS_TORCH:
    import torch

    import corpus
    import train

HYPERPARAMETERS = {"learning_rate": 0.002, "dropout": 0.1, "attention_dropout": 0.2, "relu_dropout": 0.3}


@unittest.skipUnless(support.HAS_TORCH, support.NO_TORCH)
class LearnerTests(unittest.TestCase):
    def setUp(self):
        self.sentences = [corpus.Sentence([4 + i % 20, 5], [6, 4 + i % 20]) for i in range(50)]
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.size = train.Size(vocabulary=30, width=16, heads=2, layers=1)

    def trained(self, learner, seed, steps=3):
        learner.train(self.sentences, 8, steps, seed, lambda step, loss: True)
        return learner

    def learner(self, seed=1):
        learner = train.Learner(self.size, seed)
        learner.apply(HYPERPARAMETERS)
        return learner

    def weights(self, learner):
        return [tensor.clone() for tensor in learner.network.state_dict().values()]

    def assertSame(self, one, other):
        for a, b in zip(self.weights(one), self.weights(other)):
            self.assertTrue(torch.equal(a, b))

    def test_hyperparameters_hold_after_a_donors_checkpoint_is_loaded(self):
        donor = self.learner()
        donor.apply({**HYPERPARAMETERS, "learning_rate": 0.9, "dropout": 0.9})
        donor.save(Path(self.folder.name))
        learner = self.learner()
        learner.load(Path(self.folder.name))
        learner.apply(HYPERPARAMETERS)
        self.assertEqual(learner.optimizer.param_groups[0]["lr"], 0.002)
        self.assertEqual(learner.network.dropout.p, 0.1)
        self.assertEqual(learner.network.decoder[0].source_attention.dropout, 0.2)
        self.assertEqual(learner.network.encoder[0].feed_forward.dropout, 0.3)

    def test_the_seed_decides_what_is_learned(self):
        one, same, other = (self.trained(self.learner(), seed) for seed in (7, 7, 8))
        self.assertSame(one, same)
        self.assertFalse(torch.equal(self.weights(one)[0], self.weights(other)[0]))

    def test_going_on_in_memory_is_as_loading_the_checkpoint(self):
        resident = self.trained(self.learner(), 7)
        resident.save(Path(self.folder.name))
        loaded = train.Learner(self.size, 99)
        loaded.load(Path(self.folder.name))
        loaded.apply(HYPERPARAMETERS)
        self.assertSame(self.trained(resident, 8), self.trained(loaded, 8))

    def test_training_ends_when_the_report_says_so(self):
        steps = []
        self.learner().train(self.sentences, 8, 10, 1, lambda step, loss: not steps.append(step) and step < 3)
        self.assertEqual(steps, [1, 2, 3])


if __name__ == "__main__":
    unittest.main()

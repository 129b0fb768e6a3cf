"""The helpers for PyTorch, with the PyTorch that is installed."""

import importlib.util
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import pbt_client.torch

from .scripted import CLIENT

TORCH = importlib.util.find_spec("torch") is not None


class WithoutTorch(unittest.TestCase):
    def test_importing_the_package_and_its_helpers_imports_no_torch(self) -> None:
        script = "import sys, pbt_client, pbt_client.torch; assert 'torch' not in sys.modules and 'numpy' not in sys.modules"
        subprocess.run([sys.executable, "-c", script], cwd=CLIENT, check=True)


@unittest.skipUnless(TORCH, "PyTorch is not installed")
class Checkpoints(unittest.TestCase):
    def setUp(self) -> None:
        import torch

        torch.set_num_threads(1)
        self.torch: Any = torch
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = Path(temporary.name)

    def trained(self, **optimizer: Any) -> Any:
        nn = self.torch.nn
        model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
        adam = self.torch.optim.Adam(model.parameters(), **{"lr": 0.1, **optimizer})
        scheduler = self.torch.optim.lr_scheduler.StepLR(adam, step_size=2)
        for _ in range(3):
            adam.zero_grad()
            model(self.torch.randn(8, 3)).sum().backward()
            adam.step()
            scheduler.step()
        return model, adam, scheduler

    def assert_same_state(self, one: Any, other: Any) -> None:
        if self.torch.is_tensor(one):
            self.assertTrue(self.torch.equal(one, other))
        elif isinstance(one, dict):
            self.assertEqual(one.keys(), other.keys())
            for key in one:
                self.assert_same_state(one[key], other[key])
        elif isinstance(one, (list, tuple)):
            self.assertEqual(len(one), len(other))
            for left, right in zip(one, other):
                self.assert_same_state(left, right)
        else:
            self.assertEqual(one, other)

    def test_what_was_saved_is_restored(self) -> None:
        model, optimizer, scheduler = self.trained()
        pbt_client.torch.save(self.directory, model=model, optimizer=optimizer, scheduler=scheduler, extra={"epoch": 3, "best": [0.5, None, True]})
        self.assertEqual(["state.pt"], [path.name for path in self.directory.iterdir()])
        fresh = self.trained(lr=0.7)
        extra = pbt_client.torch.load(self.directory, model=fresh[0], optimizer=fresh[1], scheduler=fresh[2])
        self.assertEqual({"epoch": 3, "best": [0.5, None, True]}, extra)
        for restored, saved in zip(fresh, (model, optimizer, scheduler)):
            self.assert_same_state(saved.state_dict(), restored.state_dict())

    def test_several_models_by_name_and_in_mappings_and_lists(self) -> None:
        one, two, three = (self.torch.nn.Linear(2, 2) for _ in range(3))
        pbt_client.torch.save(str(self.directory), generator=one, parts={"a": two, "b": [three]})
        others = [self.torch.nn.Linear(2, 2) for _ in range(3)]
        self.assertIsNone(pbt_client.torch.load(str(self.directory), generator=others[0], parts={"a": others[1], "b": [others[2]]}))
        for restored, saved in zip(others, (one, two, three)):
            self.assert_same_state(saved.state_dict(), restored.state_dict())

    def test_random_generators_are_restored_when_asked(self) -> None:
        import numpy

        random.gauss(0, 1)
        numpy.random.normal()
        pbt_client.torch.save(self.directory)

        def draw() -> Any:
            return self.torch.rand(3).tolist(), random.gauss(0, 1), random.random(), numpy.random.normal(), numpy.random.rand()

        first = draw()
        pbt_client.torch.load(self.directory)
        self.assertNotEqual(first, draw())
        pbt_client.torch.load(self.directory, restore_random=True)
        self.assertEqual(first, draw())

    def test_a_seed_seeds_all_generators(self) -> None:
        import numpy

        draws = []
        for _ in range(2):
            pbt_client.torch.seed(2**31 - 2)
            draws.append((self.torch.rand(1).item(), random.random(), numpy.random.rand()))
        self.assertEqual(draws[0], draws[1])

    def test_numbers_of_numpy_become_pythons_and_what_needs_pickle_is_named(self) -> None:
        import numpy

        model, optimizer, _ = self.trained(lr=numpy.float64(0.1))
        pbt_client.torch.save(self.directory, optimizer=optimizer, extra=(numpy.float32(2), {"n": numpy.int64(1)}))
        self.assertEqual("(2.0, {'n': 1})", repr(pbt_client.torch.load(self.directory)))
        self.assertEqual(numpy.float64, type(optimizer.param_groups[0]["lr"]))
        with self.assertRaisesRegex(pbt_client.torch.CheckpointError, r"^extra\['a'\]\[1\] is of type PosixPath, which only pickle can restore"):
            pbt_client.torch.save(self.directory, extra={"a": [1, Path("x")]})
        pbt_client.torch.save(self.directory, extra=Path("x"), weights_only=False)
        self.assertEqual(Path("x"), pbt_client.torch.load(self.directory, weights_only=False))

    def test_a_save_that_fails_leaves_what_was_there(self) -> None:
        pbt_client.torch.save(self.directory, extra=1)
        with self.assertRaises(Exception):
            pbt_client.torch.save(self.directory, extra=lambda: 1, weights_only=False)
        self.assertEqual(1, pbt_client.torch.load(self.directory))

    def test_checkpoints_that_do_not_fit_say_why(self) -> None:
        error = pbt_client.torch.CheckpointError
        with self.assertRaisesRegex(error, "there is no .*state.pt"):
            pbt_client.torch.load(self.directory)
        (self.directory / "state.pt").write_bytes(b"garbage")
        with self.assertRaisesRegex(error, "cannot be loaded"):
            pbt_client.torch.load(self.directory)
        self.torch.save([1], self.directory / "state.pt")
        with self.assertRaisesRegex(error, "was not written by pbt_client.torch.save"):
            pbt_client.torch.load(self.directory)
        pbt_client.torch.save(self.directory, model=self.torch.nn.Linear(2, 2))
        with self.assertRaisesRegex(error, "has no optimizer; it has model"):
            pbt_client.torch.load(self.directory, optimizer=None)
        with self.assertRaisesRegex(error, "(?s)^model in .* does not fit: .*size mismatch"):
            pbt_client.torch.load(self.directory, model=self.torch.nn.Linear(3, 2))
        with self.assertRaisesRegex(error, "^thing is of type int, which has no state_dict"):
            pbt_client.torch.save(self.directory, thing=5)

    def test_hyperparameters_reach_all_parameter_groups_after_loading(self) -> None:
        model, optimizer, _ = self.trained()
        pbt_client.torch.save(self.directory, optimizer=optimizer)
        groups = [{"params": model[0].parameters()}, {"params": model[2].parameters(), "lr": 0.3}]
        two = self.torch.optim.SGD(groups, lr=0.1, momentum=0.5)
        pbt_client.torch.apply_to_optimizer(two, lr=0.7, momentum=0.8)
        self.assertEqual([(0.7, 0.8)] * 2, [(group["lr"], group["momentum"]) for group in two.param_groups])
        with self.assertRaisesRegex(KeyError, "Adam has no 'momentum'; it has .*lr"):
            pbt_client.torch.apply_to_optimizer(optimizer, momentum=0.5)
        two.param_groups[0]["lr"] = tensor = self.torch.tensor(0.1)
        pbt_client.torch.apply_to_optimizer(two, lr=0.25)
        self.assertEqual(0.25, tensor.item())

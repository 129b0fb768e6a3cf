"""The example in the README runs."""

import importlib.util
import re
import unittest

from .scripted import CLIENT, SessionTest

README = (CLIENT / "README.md").read_text(encoding="utf-8")


@unittest.skipUnless(importlib.util.find_spec("torch"), "PyTorch is not installed")
class Readme(SessionTest):
    def test_its_example_trains_in_a_session_and_without_pbt(self) -> None:
        found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
        assert found is not None
        script = found.group(1)
        plain = self.run_to_end(script, PBT_STEPS="20", OMP_NUM_THREADS="1")
        self.assertEqual(4, len(plain.out.splitlines()), plain.out)

        trainer = self.session(script, OMP_NUM_THREADS="1")
        first = self.start(steps=20, hyperparameters={"learning_rate": 0.05, "momentum": 0.5})
        self.end_of_interval()
        self.start(steps=20, interval=2, reload=False, checkpoint_in=first["checkpoint_out"], hyperparameters={"learning_rate": 0.1, "momentum": 0.5})
        self.end_of_interval()
        self.start(steps=20, member=4, interval=2, from_={"member": 3, "interval": 1}, checkpoint_in=first["checkpoint_out"], hyperparameters={"learning_rate": 0.1, "momentum": 0.5})
        self.end_of_interval()
        self.stop(trainer)

    def end_of_interval(self) -> None:
        for step in range(20):
            self.assertEqual(step, self.receive("progress")["step"])
        self.assertLess(self.receive("completed")["score"], 0)

"""The same script without pbt, and under the command protocol."""

import json

from .scripted import TrainerTest, lines_of

SCRIPT = """
session = pbt_client.connect(defaults={"lr": 0.5, "dropout": 0.1}, steps=5, intervals=3, seed=7)
for interval in session:
    print(json_of(interval), file=sys.stderr)
    for step in range(interval.steps):
        interval.progress(step, loss=step / 2)
    write(interval)
    interval.complete(interval.hyperparameters["lr"], metrics={"loss": float("nan")})
"""
PRINTS = """
import json
def json_of(i):
    return "INTERVAL " + json.dumps([i.member, i.number, i.attempt, i.place, i.reload, str(i.checkpoint_in), i.donor, i.steps, i.seconds, i.seed, i.hyperparameters])
"""


class PlainRuns(TrainerTest):
    def test_a_plain_run_trains_with_the_defaults_and_prints_a_line_an_interval(self) -> None:
        trainer = self.run_to_end(PRINTS + SCRIPT)
        seen = [json.loads(line[9:]) for line in trainer.error.splitlines() if line.startswith("INTERVAL ")]
        hyperparameters = {"lr": 0.5, "dropout": 0.1}
        self.assertEqual(
            [
                [0, 1, 1, 0, True, "None", None, 5, None, 7, hyperparameters],
                [0, 2, 2, 0, False, "checkpoints/i000001", [0, 1], 5, None, 8, hyperparameters],
                [0, 3, 3, 0, False, "checkpoints/i000002", [0, 2], 5, None, 9, hyperparameters],
            ],
            seen,
        )
        printed = [json.loads(line) for line in trainer.out.splitlines()]
        self.assertEqual([(number, 0.5, 5) for number in (1, 2, 3)], [(line["interval"], line["score"], line["steps"]) for line in printed])
        self.assertEqual(trainer.out, (self.directory / "checkpoints" / "results.jsonl").read_text())
        self.assertEqual("weights", (self.directory / "checkpoints" / "i000003" / "weights").read_text())
        progress = lines_of(self.directory / "checkpoints" / "progress.jsonl")
        self.assertEqual([{"step": step, "interval": number, "loss": step / 2} for number in (1, 2, 3) for step in range(5)], progress)

    def test_variables_override_a_plain_run(self) -> None:
        (self.directory / "h.json").write_text('{"lr": 0.25}')
        trainer = self.run_to_end(PRINTS + SCRIPT, PBT_HYPERPARAMETERS="h.json", PBT_STEPS="2", PBT_SEED="2147483646")
        seen = [json.loads(line[9:]) for line in trainer.error.splitlines() if line.startswith("INTERVAL ")]
        self.assertEqual([(2, seed, {"lr": 0.25, "dropout": 0.1}) for seed in (2147483646, 0, 1)], [(i[7], i[9], i[10]) for i in seen])

    def test_a_later_run_goes_on_after_the_last_checkpoint(self) -> None:
        self.run_to_end(PRINTS + SCRIPT)
        again = self.run_to_end(PRINTS + SCRIPT.replace("intervals=3", "intervals=4"))
        seen = [json.loads(line[9:]) for line in again.error.splitlines() if line.startswith("INTERVAL ")]
        self.assertEqual([(4, True, "checkpoints/i000003", 10)], [(i[1], i[4], i[5], i[9]) for i in seen])
        self.assertIn("goes on after checkpoints/i000003; delete checkpoints to begin again", again.error)

    def test_a_failure_ends_a_plain_run(self) -> None:
        trainer = self.trainer("for interval in pbt_client.connect(steps=1):\n    interval.fail('no good')")
        self.assertEqual(1, trainer.end())
        self.assertIn("IntervalFailed: no good", trainer.error)

    def test_a_with_block_lets_an_exception_pass_without_pbt(self) -> None:
        trainer = self.trainer("for interval in pbt_client.connect(steps=1):\n    with interval: raise ValueError('no good')")
        self.assertEqual(1, trainer.end())
        self.assertIn("ValueError: no good", trainer.error)

    def test_a_plain_interval_needs_a_checkpoint(self) -> None:
        trainer = self.trainer("for interval in pbt_client.connect(steps=1):\n    interval.complete(1)")
        self.assertEqual(1, trainer.end())
        self.assertIn("MisuseError: interval 1 was completed without a checkpoint in checkpoints/.i000001", trainer.error)

    def test_a_released_interval_is_begun_again_from_its_checkpoint(self) -> None:
        trainer = self.run_to_end(
            """
            tries = []
            for interval in pbt_client.connect(steps=1, intervals=2):
                tries.append((interval.number, interval.reload))
                write(interval)
                interval.complete(1) if len(tries) != 2 else interval.release()
            print(tries)
            """
        )
        self.assertEqual("[(1, True), (2, False), (2, True)]", trainer.out.splitlines()[-1])

    def test_two_processes_do_not_train_in_one_directory(self) -> None:
        first = self.trainer("for interval in pbt_client.connect(steps=1):\n    open('begun', 'w').close()\n    time.sleep(600)")
        self.await_file("begun")
        second = self.trainer("pbt_client.connect(steps=1)")
        self.assertEqual(1, second.end())
        self.assertIn("MisuseError: another process trains in ", second.error)
        first.dispose()

    def test_what_does_not_belong_among_the_results_is_named(self) -> None:
        (self.directory / "checkpoints").mkdir()
        for text, expected in (("{}\n", "a line that this package did not write: '{}'"), ('{"interval": 1, "checkpoint": "i000001"}\n', "i000001, from which the run would go on, is not there")):
            (self.directory / "checkpoints" / "results.jsonl").write_text(text)
            trainer = self.trainer("pbt_client.connect()")
            self.assertEqual(1, trainer.end())
            self.assertIn(expected, trainer.error)


class CommandProtocol(TrainerTest):
    def test_one_interval_is_trained_as_the_variables_say(self) -> None:
        (self.directory / "out").mkdir()
        (self.directory / "h.json").write_text('{"lr": 0.25}')
        trainer = self.run_to_end(
            (PRINTS + SCRIPT).replace("range(interval.steps)", "range(3)"),
            PBT_CHECKPOINT_OUT="out",
            PBT_CHECKPOINT_IN="in",
            PBT_HYPERPARAMETERS="h.json",
            PBT_MEMBER="4",
            PBT_INTERVAL="9",
            PBT_STEPS="",
            PBT_SECONDS="2",
            PBT_SEED="11",
            PBT_RESULT="result",
            PBT_METRICS="metrics",
        )
        seen = [json.loads(line[9:]) for line in trainer.error.splitlines()]
        self.assertEqual([[4, 9, 1, 0, True, "in", None, None, 2.0, 11, {"lr": 0.25, "dropout": 0.1}]], seen)
        self.assertEqual('{"score":0.25,"metrics":{"loss":NaN}}\n', (self.directory / "result").read_text())
        self.assertEqual([{"step": step, "loss": step / 2} for step in range(3)], lines_of(self.directory / "metrics"))
        self.assertEqual("", trainer.out)
        self.assertFalse((self.directory / "checkpoints").exists())

    def test_without_a_result_file_the_result_is_printed(self) -> None:
        (self.directory / "out").mkdir()
        trainer = self.run_to_end(PRINTS + SCRIPT, PBT_CHECKPOINT_OUT="out", PBT_STEPS="1")
        self.assertEqual('{"score":0.5,"metrics":{"loss":NaN}}\n', trainer.out)

    def test_a_failure_is_an_exit_code(self) -> None:
        (self.directory / "out").mkdir()
        trainer = self.trainer("for interval in pbt_client.connect():\n    interval.fail('no good')", PBT_CHECKPOINT_OUT="out")
        self.assertEqual(1, trainer.end())
        self.assertIn("IntervalFailed: no good", trainer.error)

    def test_a_variable_that_is_no_number_is_named(self) -> None:
        trainer = self.trainer("next(iter(pbt_client.connect()))", PBT_CHECKPOINT_OUT="out", PBT_STEPS="many")
        self.assertEqual(1, trainer.end())
        self.assertIn("MisuseError: PBT_STEPS=many is no integer", trainer.error)

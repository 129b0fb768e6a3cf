"""What a session gives the script, and what it says for it."""

import json
import math
from typing import Any, Dict

from .scripted import SessionTest

ECHO = """
session = pbt_client.connect(defaults={"lr": 1.0, "dropout": 0.5})
for interval in session:
    write(interval)
    interval.complete(0.5, metrics={"pid": os.getpid()})
"""


class Sessions(SessionTest):
    def test_hello_says_version_capacity_and_heartbeat(self) -> None:
        trainer = self.session("session = pbt_client.connect(capacity=8, heartbeat_seconds=2.5)\nfor batch in session.batches(): pass", places=4)
        self.assertEqual((1, 8, 2.5), (self.hello["protocol"], self.hello["capacity"], self.hello["heartbeat_seconds"]))
        self.assertRegex(self.hello["client"], r"^pbt-client [0-9.]+ \(python\)$")
        self.stop(trainer)

    def test_an_interval_has_everything_that_start_says(self) -> None:
        trainer = self.session(
            """
            session = pbt_client.connect()
            for interval in session:
                names = "attempt place member number reload donor exploited steps seconds seed hyperparameters".split()
                print(repr([session.study, session.places] + [getattr(interval, name) for name in names]))
                print(interval.checkpoint_in, interval.checkpoint_out)
                write(interval)
                interval.complete(1)
            """
        )
        start = self.start(member=4, interval=8, from_={"member": 5, "interval": 7}, checkpoint_in="/from/here", steps=None, seconds=1.5, hyperparameters={"a": True, "b": "x", "c": 1})
        completed = self.receive("completed")
        self.assertEqual({"type": "completed", "attempt": 1, "member": 4, "score": 1}, completed)
        self.stop(trainer)
        self.assertEqual(f"['test', 1, 1, 0, 4, 8, True, (5, 7), True, None, 1.5, 42, {start['hyperparameters']!r}]\n/from/here {start['checkpoint_out']}\n", trainer.out)

    def test_one_process_trains_all_intervals(self) -> None:
        trainer = self.session(ECHO)
        processes = set()
        for number in range(1, 21):
            self.start(interval=number, reload=number == 1)
            processes.add(self.receive("completed")["metrics"]["pid"])
        self.assertEqual({trainer.process.pid}, processes)
        self.stop(trainer)

    def test_defaults_stand_in_for_what_the_study_does_not_tune(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect(defaults={"lr": 1.0, "dropout": 0.5}):
                write(interval)
                interval.complete(interval.hyperparameters["lr"], metrics={"dropout": interval.hyperparameters["dropout"]})
            """
        )
        self.start(hyperparameters={"lr": 0.25})
        completed = self.receive("completed")
        self.assertEqual((0.25, {"dropout": 0.5}), (completed["score"], completed["metrics"]))
        self.stop(trainer)

    def test_a_result_has_samples_metrics_and_steps(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                write(interval)
                interval.complete(samples=(1, 2.5), metrics={"eval": {"loss": float("nan")}}, steps=7)
            """
        )
        self.start()
        completed = self.receive("completed")
        self.assertNotIn("score", completed)
        self.assertEqual(([1, 2.5], 7), (completed["samples"], completed["steps"]))
        self.assertTrue(math.isnan(completed["metrics"]["eval"]["loss"]))
        self.stop(trainer)

    def test_all_progress_comes_in_order_before_completed(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                for step in range(20_000):
                    interval.progress(step, loss=step / 2)
                write(interval)
                interval.complete(0)
            """
        )
        self.start()
        for step in range(20_000):
            message = self.worker.receive()
            self.assertEqual({"type": "progress", "attempt": 1, "step": step, "metrics": {"loss": step / 2}}, message)
        self.receive("completed")
        self.stop(trainer)

    def test_progress_arrives_while_the_interval_goes_on(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                interval.progress(1, {"step": 2}, loss=3)
                while not os.path.exists("seen"): time.sleep(0.005)
                write(interval)
                interval.complete(0)
            """
        )
        self.start()
        self.assertEqual({"step": 2, "loss": 3}, self.receive("progress")["metrics"])
        (self.directory / "seen").touch()
        self.receive("completed")
        self.stop(trainer)

    def test_a_worker_that_does_not_read_loses_no_progress(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                for step in range(150_000):
                    interval.progress(step, loss=0.123456789012345)
                    if step == 20_000: open("many", "w").close()
                write(interval)
                interval.complete(0)
            """
        )
        self.start()
        # More than the socket takes has been reported by now, and nobody has read.
        self.await_file("many")
        for step in range(150_000):
            message = self.worker.receive()
            assert message is not None and message.get("step") == step, message
        self.receive("completed")
        self.stop(trainer)

    def test_progress_beyond_64_MiB_is_not_sent_and_that_is_said(self) -> None:
        trainer = self.session(
            """
            many = {f"metric {i:04}": 0.0 for i in range(3400)}
            for interval in pbt_client.connect():
                for step in range(1100):
                    interval.progress(step, many)
                write(interval)
                interval.complete(0)
            """
        )
        self.start()
        size = 0
        message: Dict[str, Any] = {"type": "progress"}
        while message["type"] == "progress":
            received = self.worker.receive()
            assert received is not None
            message = received
            size += len(json.dumps(message, separators=(",", ":"))) + 1
        self.assertEqual("completed", message["type"])
        self.assertTrue(63 << 20 < size <= (64 << 20) + 200, size)
        self.stop(trainer)
        self.assertEqual(1, trainer.error.count("has passed 64 MiB"), trainer.error)

    def test_heartbeats_come_while_the_script_is_silent(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect(heartbeat_seconds=0.05):
                while not os.path.exists("seen"): time.sleep(0.005)
                write(interval)
                interval.complete(0)
            """
        )
        self.start()
        for _ in range(5):
            message = self.worker.receive_any()
            assert message is not None
            self.assertEqual("heartbeat", message["type"])
        (self.directory / "seen").touch()
        self.receive("completed")
        self.stop(trainer)

    def test_failed_and_released_say_why_and_the_trainer_goes_on(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                if interval.number == 1: interval.fail("x" * 5000)
                elif interval.number == 2: interval.release("not now \\udc80")
                else:
                    write(interval)
                    interval.complete(0)
            """
        )
        self.start(interval=1)
        failed = self.receive("failed")
        self.assertEqual((1, 3, "x" * 4000), (failed["attempt"], failed["member"], failed["reason"]))
        self.start(interval=2)
        self.assertEqual("not now ?", self.receive("released")["reason"])
        self.start(interval=3)
        self.receive("completed")
        self.stop(trainer)

    def test_stop_while_an_interval_runs_lets_it_end(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                interval.progress(0)
                while not interval.stopping: time.sleep(0.001)
                write(interval)
                interval.complete(0, steps=4)
            print("after")
            """
        )
        self.start()
        self.receive("progress")
        self.worker.send(type="stop", reason="paused", grace_seconds=10)
        self.assertEqual(4, self.receive("completed")["steps"])
        self.assertIsNone(self.worker.receive())
        self.assertEqual((0, "after\n"), (trainer.end(), trainer.out))

    def test_stop_while_an_interval_runs_gives_it_back_if_the_body_just_leaves(self) -> None:
        trainer = self.session(
            """
            def train(interval):
                interval.progress(0)
                while True:
                    if interval.stopping: return
            for interval in pbt_client.connect(): train(interval)
            """
        )
        self.start()
        self.receive("progress")
        self.worker.send(type="stop", reason="paused", grace_seconds=10)
        self.assertEqual("paused", self.receive("released")["reason"])
        self.assertIsNone(self.worker.receive())
        self.assertEqual(0, trainer.end(), trainer.error)

    def test_the_next_interval_is_an_error_while_one_is_open(self) -> None:
        trainer = self.session("for interval in pbt_client.connect(): pass")
        self.start()
        failed = self.receive("failed")
        self.assertIn("interval 1 of member 3 was left without complete(), fail() or release()", failed["reason"])
        self.assertIsNone(self.worker.receive())
        self.assertEqual(1, trainer.end())
        self.assertIn("MisuseError: interval 1 of member 3 was left without", trainer.error)

    def test_an_exception_that_ends_the_script_fails_the_interval(self) -> None:
        trainer = self.session("for interval in pbt_client.connect():\n    raise ValueError('no good')")
        self.start()
        reason = self.receive("failed")["reason"]
        self.assertTrue(reason.startswith("ValueError: no good\nat "), reason)
        self.assertIsNone(self.worker.receive())
        self.assertEqual(1, trainer.end())
        self.assertIn("ValueError: no good", trainer.error)

    def test_a_script_that_ends_in_the_middle_fails_the_interval(self) -> None:
        trainer = self.session("for interval in pbt_client.connect():\n    sys.exit(5)")
        self.start()
        self.receive("failed")
        self.assertIsNone(self.worker.receive())
        self.assertEqual(5, trainer.end())

    def test_a_with_block_fails_its_interval_and_the_script_goes_on(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                with interval:
                    if interval.number == 1: raise RuntimeError("once")
                    write(interval)
                    interval.complete(0)
            """
        )
        self.start(interval=1)
        self.assertIn("RuntimeError: once", self.receive("failed")["reason"])
        self.start(interval=1)
        self.assertEqual("failed", self.receive("failed")["type"])
        self.start(interval=2)
        self.receive("completed")
        self.stop(trainer)
        self.assertEqual(2, trainer.error.count("Traceback"), trainer.error)

    def test_a_session_as_a_context_manager_fails_what_its_block_leaves_by_an_exception(self) -> None:
        trainer = self.session(
            """
            try:
                with pbt_client.connect() as session:
                    for interval in session:
                        raise KeyError("missing")
            except KeyError:
                print("went on")
            """
        )
        self.start()
        self.assertIn("KeyError: 'missing'", self.receive("failed")["reason"])
        self.assertIsNone(self.worker.receive())
        self.assertEqual((0, "went on\n"), (trainer.end(), trainer.out))

    def test_an_interval_ends_once(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                write(interval)
                interval.complete(0)
                for call in (lambda: interval.complete(0), lambda: interval.fail("x"), lambda: interval.release(), lambda: interval.progress(1)):
                    try:
                        call()
                    except pbt_client.MisuseError as error:
                        print(error)
            """
        )
        self.start()
        self.receive("completed")
        self.stop(trainer)
        self.assertEqual(4, trainer.out.count("interval 1 of member 3 has been completed already"), trainer.out)

    def test_a_bad_measurement_is_named_and_the_interval_can_still_end(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                write(interval)
                for call in (
                    lambda: interval.progress(1, loss="low"),
                    lambda: interval.progress("one"),
                    lambda: interval.complete("good"),
                    lambda: interval.complete(1, samples=[1, None]),
                    lambda: interval.complete(1, metrics={"eval": {"loss": [1]}}),
                ):
                    try:
                        call()
                    except TypeError as error:
                        print(error)
                interval.complete(1)
            """
        )
        self.start()
        self.receive("completed")
        self.stop(trainer)
        for name in ("metrics['loss'] must", "step must", "score must", "samples[1] must", "metrics['eval']['loss'] must"):
            self.assertIn(name, trainer.out)

    def test_a_second_connect_says_that_there_is_a_session(self) -> None:
        trainer = self.session(
            """
            session = pbt_client.connect()
            try:
                pbt_client.connect()
            except pbt_client.MisuseError as error:
                print(error)
            for interval in session: pass
            """
        )
        self.stop(trainer)
        self.assertIn("connect() was called already", trainer.out)

    def test_a_connection_reads_lines_however_they_come(self) -> None:
        trainer = self.session(ECHO)
        out = self.directory / "big"
        out.mkdir()
        big = {"type": "start", "attempt": 1, "place": 0, "member": 0, "interval": 1, "hyperparameters": {"text": "x" * (3 << 20)}, "reload": True,
               "checkpoint_out": str(out), "steps": 1, "seed": 1, "unknown": [{}]}
        raw = b'\r\n\n{"type":"later","version":2}\r\n' + json.dumps(big).encode() + b"\r\n"
        for at in range(0, len(raw), 100_001):
            self.worker.send_raw(raw[at : at + 100_001])
        self.receive("completed")
        self.worker.send_raw(b'{"type":"st')
        self.worker.send_raw(b'op","reason":"done","grace_sec')
        self.worker.send_raw(b'onds":1}\n')
        self.assertIsNone(self.worker.receive())
        self.assertEqual(0, trainer.end(), trainer.error)

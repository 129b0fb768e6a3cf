"""What a trainer does when the worker misbehaves, or does not take what it says."""

import os
from typing import Any

from .scripted import SessionTest

WAIT = "for interval in pbt_client.connect(): write(interval); interval.complete(0)"


class Misuse(SessionTest):
    def assert_ends(self, trainer: Any, text: str) -> None:
        while self.worker.receive() is not None:
            pass
        self.assertEqual(1, trainer.end(), trainer.error)
        self.assertIn(text, trainer.error)

    def test_no_worker_at_the_socket(self) -> None:
        trainer = self.trainer(WAIT, PBT_SOCKET=str(self.directory / "none"))
        self.assertEqual(1, trainer.end())
        self.assertIn("WorkerLost: cannot connect to the worker at PBT_SOCKET=", trainer.error)

    def test_a_second_connection_that_is_closed_unread(self) -> None:
        trainer = self.trainer(WAIT, PBT_SOCKET=self.worker.path)
        self.worker.accept()
        self.worker.hang_up()
        self.assertEqual(1, trainer.end())
        self.assertIn("has another process of this trainer connected already?", trainer.error)

    def test_another_version(self) -> None:
        trainer = self.trainer(WAIT, PBT_SOCKET=self.worker.path)
        self.worker.accept()
        self.receive("hello")
        self.worker.send(type="welcome", protocol=2, study="test", places=1)
        self.assert_ends(trainer, "ProtocolError: the worker speaks version 2 of the session protocol, and this client speaks 1")

    def test_more_places_than_the_capacity(self) -> None:
        trainer = self.session(WAIT, places=2)
        self.assert_ends(trainer, "ProtocolError: the worker gives 2 places to a trainer of capacity 1")

    def test_a_line_that_is_no_json(self) -> None:
        trainer = self.session(WAIT)
        self.worker.send_raw(b"what?\n")
        self.assert_ends(trainer, "ProtocolError: the worker sent a line that is no JSON: 'what?'")

    def test_a_line_that_is_no_utf_8(self) -> None:
        trainer = self.session(WAIT)
        self.worker.send_raw(b'{"type":"\xff"}\n')
        self.assert_ends(trainer, "ProtocolError: the worker sent a line that is no JSON")

    def test_a_line_that_is_no_object(self) -> None:
        trainer = self.session(WAIT)
        self.worker.send_raw(b"[1]\n")
        self.assert_ends(trainer, "ProtocolError: the worker sent a line that is no JSON object: '[1]'")

    def test_a_line_nested_beyond_all_measure(self) -> None:
        trainer = self.session(WAIT)
        self.worker.send_raw(b"[" * 1_000_000 + b"\n")
        self.assert_ends(trainer, "ProtocolError: the worker sent a line that is no JSON")

    def test_a_start_that_lacks_a_field(self) -> None:
        trainer = self.session(WAIT)
        self.worker.send(type="start", attempt=1, place=0, member=0, interval=1, hyperparameters={}, reload=True, steps=1, seed=1)
        self.assert_ends(trainer, "ProtocolError: the worker's message 'start' is not as the protocol says: 'checkpoint_out' is missing, a text was expected")

    def test_a_start_in_a_place_that_is_taken(self) -> None:
        trainer = self.session("for interval in pbt_client.connect():\n    while not interval.stopping: time.sleep(0.001)")
        self.start()
        self.start()
        self.assert_ends(trainer, "ProtocolError: the worker started attempt 2 in place 0, which is taken")

    def test_a_start_in_a_place_that_is_not_there(self) -> None:
        trainer = self.session(WAIT)
        self.start(place=1)
        self.assert_ends(trainer, "ProtocolError: the worker started attempt 1 in place 1, which is not there")

    def test_error_is_told(self) -> None:
        trainer = self.session(WAIT)
        self.worker.send(type="error", reason="capacity is bad")
        self.worker.hang_up()
        self.assertEqual(1, trainer.end())
        self.assertIn("ProtocolError: the worker ends this trainer: capacity is bad", trainer.error)

    def test_the_worker_dies_while_the_trainer_waits(self) -> None:
        trainer = self.session(WAIT)
        self.worker.hang_up()
        self.assertEqual(1, trainer.end())
        self.assertIn("WorkerLost: the worker closed the connection without saying why", trainer.error)

    def test_the_worker_dies_in_the_middle_of_a_message(self) -> None:
        trainer = self.session(WAIT)
        self.worker.send_raw(b'{"type":"start","att')
        self.worker.hang_up()
        self.assertEqual(1, trainer.end())
        self.assertIn("WorkerLost: ", trainer.error)

    def test_the_worker_dies_while_an_interval_runs(self) -> None:
        trainer = self.session("for interval in pbt_client.connect():\n    interval.progress(0)\n    while not interval.stopping: time.sleep(0.001)\n    print('left')")
        self.start()
        self.receive("progress")
        self.worker.hang_up()
        self.assertEqual((1, "left\n"), (trainer.end(), trainer.out))
        self.assertIn("WorkerLost: ", trainer.error)

    def test_the_worker_dies_under_a_script_that_does_not_look(self) -> None:
        trainer = self.session("for interval in pbt_client.connect():\n    while True: interval.progress(1)")
        self.start()
        self.worker.hang_up()
        self.assertEqual(1, trainer.end())
        self.assertIn("WorkerLost: ", trainer.error)
        self.assertNotIn("BrokenPipe", trainer.error)

    def test_a_rejected_message_is_told_and_the_trainer_goes_on(self) -> None:
        trainer = self.session(WAIT)
        self.start()
        self.receive("completed")
        self.worker.send(type="rejected", attempt=1, reason="it was given back")
        self.start(interval=2)
        self.receive("completed")
        self.stop(trainer)
        self.assertIn("pbt_client: the worker rejects what was said of attempt 1: it was given back", trainer.error)

    def test_an_interval_that_is_rejected_while_it_runs_is_left_without_a_word(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                while interval.number == 1 and not interval.stopping: interval.progress(1)
                write(interval)
                interval.complete(0)
            """
        )
        self.start()
        self.receive("progress")
        self.worker.send(type="rejected", attempt=1, reason="it timed out")
        self.start(interval=2)
        message = self.worker.receive()
        while message is not None and message["type"] == "progress":
            message = self.worker.receive()
        assert message is not None
        self.assertEqual(("completed", 2), (message["type"], message["attempt"]))
        self.stop(trainer)

    def test_results_that_the_worker_would_not_take_are_refused_here(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                write(interval)
                for call in (
                    lambda: interval.complete(0, samples=[0.0] * 100_001),
                    lambda: interval.complete(0, samples=[0.123456789012345] * 90_000),
                    lambda: interval.complete(0, metrics={"a": {str(i): 1 for i in range(1001)}}),
                    lambda: interval.complete(0, metrics={"n" * 501: 1}),
                    lambda: interval.complete(0, steps=-1),
                    lambda: interval.progress(0, {str(i): 0.123456789012345 for i in range(5000)}),
                ):
                    try:
                        call()
                    except pbt_client.MisuseError as error:
                        print(error)
                interval.complete(0)
            """
        )
        self.start()
        self.receive("completed")
        self.stop(trainer)
        for text in ("100001 samples", "the result is", "1001 metrics", "501 characters", "steps is -1", "the progress is"):
            self.assertIn(text, trainer.out)

    def test_arguments_that_cannot_be(self) -> None:
        trainer = self.run_to_end(
            """
            for arguments in ({"capacity": 0}, {"capacity": 4097}, {"heartbeat_seconds": 0}, {"intervals": 0}, {"steps": 1, "seconds": 1}):
                try:
                    pbt_client.connect(**arguments)
                except pbt_client.MisuseError as error:
                    print(error)
            """
        )
        self.assertEqual(5, len(trainer.out.splitlines()), trainer.out)
        self.assertEqual(["socket"], os.listdir(self.directory))

"""SIGTERM, as before a trainer is pre-empted: a real signal to a real process."""

import signal

from .scripted import SessionTest, TrainerTest, lines_of

KILLED = -signal.SIGTERM


class SigtermInASession(SessionTest):
    def test_an_interval_that_its_body_leaves_is_given_back_and_the_process_ends_by_the_signal(self) -> None:
        trainer = self.session(
            """
            def train(interval):
                interval.progress(0)
                while not interval.stopping: time.sleep(0.001)
            for interval in pbt_client.connect(): train(interval)
            print("after the loop")
            """
        )
        self.start()
        self.receive("progress")
        trainer.terminate()
        released = self.receive("released")
        self.assertEqual((1, 3, "SIGTERM"), (released["attempt"], released["member"], released["reason"]))
        self.assertIsNone(self.worker.receive())
        self.assertEqual((KILLED, "after the loop\n"), (trainer.end(), trainer.out))

    def test_an_interval_can_be_saved_and_completed_early(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                interval.progress(0)
                while not interval.stopping: time.sleep(0.001)
                write(interval)
                interval.complete(0.5, steps=4)
            """
        )
        start = self.start()
        self.receive("progress")
        trainer.terminate()
        self.assertEqual((0.5, 4), (lambda m: (m["score"], m["steps"]))(self.receive("completed")))
        self.assertEqual("weights", (self.directory / start["checkpoint_out"] / "weights").read_text())
        self.assertEqual(KILLED, trainer.end())

    def test_a_start_that_crosses_the_signal_is_not_begun(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                print("began", interval.number)
                interval.progress(0)
                while not interval.stopping: time.sleep(0.001)
            """
        )
        self.start()
        self.receive("progress")
        trainer.terminate()
        self.receive("released")
        try:
            self.start(interval=2)
        except OSError:
            pass
        self.assertEqual((KILLED, "began 1\n"), (trainer.end(), trainer.out))

    def test_a_trainer_that_waits_ends(self) -> None:
        trainer = self.session(
            """
            session = pbt_client.connect()
            print("waits", flush=True)
            for interval in session: pass
            print("ends")
            """
        )
        assert trainer.process.stdout is not None
        self.assertEqual("waits\n", trainer.process.stdout.readline())
        trainer.terminate()
        self.assertEqual((KILLED, "ends\n"), (trainer.end(), trainer.out))

    def test_the_workers_own_signal_after_stop_lets_the_script_end_well(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                interval.progress(0)
                while not session_was_terminated(interval): time.sleep(0.001)
            """.replace("session_was_terminated(interval)", "interval._session._termination.came")
        )
        self.start()
        self.receive("progress")
        self.worker.send(type="stop", reason="paused", grace_seconds=0)
        trainer.terminate()
        self.receive("released")
        self.assertEqual(0, trainer.end(), trainer.error)

    def test_what_goes_wrong_after_the_signal_does_not_fail_the_interval(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                interval.progress(0)
                while not interval.stopping: time.sleep(0.001)
                raise RuntimeError("a helper was killed")
            """
        )
        self.start()
        self.receive("progress")
        trainer.terminate()
        self.receive("released")
        self.assertEqual(KILLED, trainer.end())
        self.assertIn("a helper was killed", trainer.error)

    def test_an_earlier_handler_is_called_too_and_is_back_at_the_end(self) -> None:
        trainer = self.session(
            """
            import signal
            def mine(number, frame): print("mine", flush=True)
            signal.signal(signal.SIGTERM, mine)
            with pbt_client.connect() as session:
                for interval in session:
                    interval.progress(0)
                    while not interval.stopping: time.sleep(0.001)
            print(signal.getsignal(signal.SIGTERM) is mine)
            """
        )
        self.start()
        self.receive("progress")
        trainer.terminate()
        self.receive("released")
        self.assertEqual((KILLED, "mine\nTrue\n"), (trainer.end(), trainer.out))

    def test_a_thread_may_connect_and_leaves_signals_alone(self) -> None:
        trainer = self.session(
            """
            import signal, threading
            def run():
                for interval in pbt_client.connect():
                    write(interval)
                    interval.complete(0, metrics={"handled": signal.getsignal(signal.SIGTERM) != signal.SIG_DFL})
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
            """
        )
        self.start()
        self.assertEqual({"handled": 0}, self.receive("completed")["metrics"])
        self.stop(trainer)


class SigtermWithoutASession(TrainerTest):
    PLAIN = """
    for interval in pbt_client.connect(steps=100):
        print(f"from {interval.checkpoint_in and interval.checkpoint_in.name}, {interval.steps} steps", file=sys.stderr)
        for step in range(interval.steps):
            if interval.stopping: break
            if step == 40:
                open("begun", "w").close()
                while not interval.stopping and "WAIT" in os.environ: time.sleep(0.001)
        else:
            step += 1
        write(interval)
        interval.complete(step, steps=step)
    """

    def test_a_plain_run_saves_ends_by_the_signal_and_goes_on_later(self) -> None:
        trainer = self.trainer(self.PLAIN, WAIT="1")
        self.await_file("begun")
        trainer.terminate()
        self.assertEqual(KILLED, trainer.end(), trainer.error)
        self.assertIn("from None, 100 steps", trainer.error)
        again = self.run_to_end(self.PLAIN)
        self.assertIn("from i000001-41, 59 steps", again.error)
        done = lines_of(self.directory / "checkpoints" / "results.jsonl")
        self.assertEqual([(1, 41, "i000001-41"), (1, 59, "i000001")], [(line["interval"], line["steps"], line["checkpoint"]) for line in done])
        self.assertIn("all 1 intervals of this run are done", self.run_to_end(self.PLAIN).error)

    def test_a_plain_run_whose_last_interval_is_whole_ends_well(self) -> None:
        trainer = self.trainer(
            """
            for interval in pbt_client.connect(steps=1):
                open("begun", "w").close()
                while not interval.stopping: time.sleep(0.001)
                write(interval)
                interval.complete(0)
            """
        )
        self.await_file("begun")
        trainer.terminate()
        self.assertEqual(0, trainer.end(), trainer.error)

    def test_a_plain_interval_that_is_left_is_begun_again(self) -> None:
        script = """
        for interval in pbt_client.connect(steps=1):
            open("begun", "w").close()
            while not interval.stopping and "WAIT" in os.environ: time.sleep(0.001)
            if not interval.stopping:
                write(interval)
                interval.complete(0)
        """
        trainer = self.trainer(script, WAIT="1")
        self.await_file("begun")
        trainer.terminate()
        self.assertEqual(KILLED, trainer.end(), trainer.error)
        self.assertEqual(["progress.jsonl"], [path.name for path in (self.directory / "checkpoints").iterdir()])
        self.assertIn('"checkpoint": "i000001"', self.run_to_end(script).out)

    def test_the_command_protocol_sees_a_process_that_the_signal_ended(self) -> None:
        (self.directory / "out").mkdir()
        trainer = self.trainer(
            """
            for interval in pbt_client.connect():
                open("begun", "w").close()
                while not interval.stopping: time.sleep(0.001)
            """,
            PBT_CHECKPOINT_OUT="out",
            PBT_RESULT="result",
        )
        self.await_file("begun")
        trainer.terminate()
        self.assertEqual(KILLED, trainer.end(), trainer.error)
        self.assertFalse((self.directory / "result").exists())

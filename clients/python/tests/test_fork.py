"""Forked processes, such as those of a DataLoader, have no part in the session."""

from .scripted import SessionTest


class Forks(SessionTest):
    def test_children_end_without_a_word_and_the_session_goes_on(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                interval.progress(0)
                child = os.fork()
                if child == 0: sys.exit(0)      # as a script ends: atexit handlers and all
                assert os.waitpid(child, 0)[1] == 0
                child = os.fork()
                if child == 0: raise ValueError("in the child")
                assert os.waitpid(child, 0)[1] != 0
                write(interval)
                interval.complete(0)
            """
        )
        for number in (1, 2):
            self.start(interval=number)
            self.receive("progress")
            self.receive("completed")
        self.stop(trainer)

    def test_children_cannot_speak_for_the_trainer(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                child = os.fork()
                if child == 0:
                    calls = (lambda: interval.progress(1), lambda: interval.complete(1), lambda: interval.fail("x"), lambda: interval.release())
                    for call in calls:
                        try:
                            call()
                        except pbt_client.MisuseError as error:
                            print(error, flush=True)
                    os._exit(0)
                os.waitpid(child, 0)
                write(interval)
                interval.complete(0)
            """
        )
        self.start()
        self.receive("completed")
        self.stop(trainer)
        self.assertEqual(4, trainer.out.count("a forked process cannot speak for its trainer"))

    def test_a_signal_ends_a_child_as_if_there_were_no_session(self) -> None:
        trainer = self.session(
            """
            import signal
            for interval in pbt_client.connect():
                child = os.fork()
                if child == 0:
                    signal.pause()
                    os._exit(0)
                os.kill(child, signal.SIGTERM)
                status = os.waitpid(child, 0)[1]
                write(interval)
                interval.complete(os.WTERMSIG(status), metrics={"stopping": interval.stopping})
            """
        )
        self.start()
        completed = self.receive("completed")
        self.assertEqual((15, {"stopping": 0}), (completed["score"], completed["metrics"]))
        self.stop(trainer)

    def test_the_worker_sees_the_end_of_the_trainer_while_a_child_lives(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect():
                reading, writing = os.pipe()
                child = os.fork()
                if child == 0:
                    os.close(writing)
                    open("begun", "w").close()
                    os.read(reading, 1)
                    open("child", "w").close()
                    os._exit(0)
                os.set_inheritable(writing, True)
                interval.progress(1)
                while True: time.sleep(0.01)
            """
        )
        self.start()
        self.receive("progress")
        self.await_file("begun")
        trainer.process.kill()
        self.assertIsNone(self.worker.receive())
        self.await_file("child")

    def test_forking_while_progress_is_reported_blocks_nobody(self) -> None:
        trainer = self.session(
            """
            for interval in pbt_client.connect(heartbeat_seconds=0.01):
                for step in range(30):
                    for more in range(500): interval.progress(step, loss=more)
                    child = os.fork()
                    if child == 0: sys.exit(0)
                    assert os.waitpid(child, 0)[1] == 0
                write(interval)
                interval.complete(0)
            """
        )
        self.start()
        for step in range(30):
            for more in range(500):
                self.assertEqual((step, more), (lambda m: (m["step"], m["metrics"]["loss"]))(self.receive("progress")))
        self.receive("completed")
        self.stop(trainer)

    def test_a_pool_of_processes_works_beside_the_session(self) -> None:
        trainer = self.session(
            """
            import multiprocessing
            for interval in pbt_client.connect():
                with multiprocessing.get_context("fork").Pool(2) as pool:
                    total = sum(pool.map(abs, range(10)))
                write(interval)
                interval.complete(total)
            """
        )
        for number in (1, 2):
            self.start(interval=number)
            self.assertEqual(45, self.receive("completed")["score"])
        self.stop(trainer)

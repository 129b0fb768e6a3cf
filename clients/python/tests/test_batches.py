"""Trainers of capacity > 1."""

from .scripted import SessionTest

BATCHES = """
session = pbt_client.connect(capacity=4)
for batch in session.batches():
    print([interval.place for interval in batch], flush=True)
    for interval in batch:
        write(interval)
        interval.complete(interval.place)
"""


class Batches(SessionTest):
    def test_a_batch_is_full_when_all_places_are_taken(self) -> None:
        trainer = self.session(BATCHES, places=3)
        for _ in range(2):
            for place in (2, 0, 1):
                self.start(place=place, member=place)
            self.assertEqual([2, 0, 1], [self.receive("completed")["score"] for _ in range(3)])
        self.stop(trainer)
        self.assertEqual("[2, 0, 1]\n[2, 0, 1]\n", trainer.out)

    def test_idle_lets_a_batch_begin_that_is_not_full(self) -> None:
        trainer = self.session(BATCHES, places=3)
        self.worker.send(type="idle")
        self.start(place=1)
        self.start(place=2)
        self.worker.send(type="idle")
        self.assertEqual([1, 2], [self.receive("completed")["score"] for _ in range(2)])
        self.worker.send(type="idle")
        self.start(place=0)
        self.worker.send(type="idle")
        self.receive("completed")
        self.stop(trainer)
        self.assertEqual("[1, 2]\n[0]\n", trainer.out)

    def test_an_exception_in_the_block_of_a_batch_fails_what_is_open(self) -> None:
        trainer = self.session(
            """
            for batch in pbt_client.connect(capacity=2).batches():
                with batch:
                    write(batch[0])
                    batch[0].complete(0)
                    raise RuntimeError("half way")
            """,
            places=2,
        )
        self.start(place=0)
        self.start(place=1)
        self.receive("completed")
        self.assertEqual(2, self.receive("failed")["attempt"])
        self.stop(trainer)

    def test_stop_gives_back_what_has_come_of_a_batch(self) -> None:
        trainer = self.session(BATCHES, places=3)
        self.start(place=0)
        self.start(place=1)
        self.worker.send(type="stop", reason="done", grace_seconds=10)
        self.assertEqual({1, 2}, {self.receive("released")["attempt"] for _ in range(2)})
        self.assertIsNone(self.worker.receive())
        self.assertEqual(0, trainer.end(), trainer.error)

    def test_several_places_are_not_iterated_one_by_one(self) -> None:
        trainer = self.session("for interval in pbt_client.connect(capacity=2): pass", places=2)
        self.assertIsNone(self.worker.receive())
        self.assertEqual(1, trainer.end())
        self.assertIn("MisuseError: this trainer has 2 places: iterate over session.batches()", trainer.error)

    def test_a_capacity_of_one_makes_batches_of_one(self) -> None:
        trainer = self.session(BATCHES.replace("capacity=4", "capacity=1"))
        self.start()
        self.receive("completed")
        self.start(interval=2)
        self.receive("completed")
        self.stop(trainer)
        self.assertEqual("[0]\n[0]\n", trainer.out)

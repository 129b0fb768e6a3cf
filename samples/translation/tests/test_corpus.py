import tempfile
import unittest
from pathlib import Path

import support  # noqa: F401
import corpus


def sentences(count):
    return [corpus.Sentence([i] * (1 + i % 5), [i] * (1 + i % 3)) for i in range(4, 4 + count)]


class BatchTests(unittest.TestCase):
    def test_the_seed_alone_decides_the_order(self):
        first, again, other = ([list(batch) for batch in corpus.batches(sentences(300), 4, 20, seed)] for seed in (1, 1, 2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_every_sentence_comes_once_before_any_comes_again(self):
        given = [pair.source[0] for batch in corpus.batches(sentences(30), 4, 8, 1) for pair in batch]
        self.assertEqual(sorted(given), [pair.source[0] for pair in sentences(30)])

    def test_gives_as_many_batches_as_asked_for(self):
        self.assertEqual(len(list(corpus.batches(sentences(10), 4, 17, 1))), 17)

    def test_rows_are_filled_with_padding(self):
        self.assertEqual(corpus.padded([[5, 6, 7], [8]]), [[5, 6, 7], [8, corpus.PAD, corpus.PAD]])


class LoadTests(unittest.TestCase):
    def test_without_prepared_data_the_error_says_what_to_run(self):
        if not support.HAS_SENTENCEPIECE:
            self.skipTest(support.NO_SENTENCEPIECE)
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(corpus.NotPreparedError, "prepare.py"):
            corpus.load(Path(folder), 16, 10)


if __name__ == "__main__":
    unittest.main()

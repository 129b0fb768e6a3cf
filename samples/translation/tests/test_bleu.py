"""The examples of Papineni et al. 2002, sections 2.1 and 2.2, and values computed by hand."""

import math
import unittest

import support  # noqa: F401
import bleu

CANDIDATES = [
    "It is a guide to action which ensures that the military always obeys the commands of the party",
    "It is to insure the troops forever hearing the activity guidebook that party direct",
]
REFERENCES = [
    "It is a guide to action that ensures that the military will forever heed Party commands",
    "It is the guiding principle which guarantees the military forces always being under the command of the Party",
    "It is the practical guide for the army always to heed the directions of the party",
]


def words(text):
    return text.lower().split()


class ModifiedPrecisionTests(unittest.TestCase):
    def precision(self, candidate, references, n):
        return bleu.modified_precision(words(candidate), [words(reference) for reference in references], n)

    def test_a_repeated_word_counts_no_more_often_than_in_a_reference(self):
        references = ["The cat is on the mat", "There is a cat on the mat"]
        self.assertEqual(self.precision("the the the the the the the", references, 1), (2, 7))
        self.assertEqual(self.precision("the the the the the the the", references, 2), (0, 6))

    def test_unigrams_of_the_papers_candidates(self):
        self.assertEqual([self.precision(candidate, REFERENCES, 1) for candidate in CANDIDATES], [(17, 18), (8, 14)])

    def test_bigrams_of_the_papers_candidates(self):
        self.assertEqual([self.precision(candidate, REFERENCES, 2) for candidate in CANDIDATES], [(10, 17), (1, 13)])

    def test_a_sentence_shorter_than_the_ngram_has_none(self):
        self.assertEqual(self.precision("of the", ["of the party"], 3), (0, 0))


class BrevityPenaltyTests(unittest.TestCase):
    def test_the_best_match_length_is_that_of_the_nearest_reference(self):
        # Section 2.2.2: references of 12, 15 and 17 words and a candidate of 12 give a penalty of 1.
        self.assertEqual(bleu.closest_length(12, [["w"] * 12, ["w"] * 15, ["w"] * 17]), 12)
        self.assertEqual(bleu.brevity_penalty(12, 12), 1.0)

    def test_of_two_lengths_as_near_the_shorter_counts(self):
        self.assertEqual(bleu.closest_length(10, [["w"] * 12, ["w"] * 8]), 8)

    def test_long_candidates_are_not_punished_and_short_ones_exponentially(self):
        self.assertEqual(bleu.brevity_penalty(13, 12), 1.0)
        self.assertAlmostEqual(bleu.brevity_penalty(10, 12), math.exp(-0.2))
        self.assertEqual(bleu.brevity_penalty(0, 12), 0.0)


class CorpusBleuTests(unittest.TestCase):
    def test_a_perfect_translation_has_100(self):
        self.assertAlmostEqual(bleu.bleu(["Das ist ein ganzer Satz."], ["Das ist ein ganzer Satz."]), 100.0)

    def test_counts_are_summed_over_the_corpus_before_they_are_divided(self):
        # 1-grams 5/6 and 2/2, 2-grams 3/5 and 1/1, 3-grams 2/4, 4-grams 1/3; 8 words for 9:
        # 100 · exp(1 - 9/8) · (7/8 · 4/6 · 2/4 · 1/3)^(1/4).
        self.assertAlmostEqual(bleu.bleu(["the cat sat on the mat", "dogs bark"], ["the cat sat on a mat", "dogs bark loudly"]), 49.2781, places=3)

    def test_a_corpus_without_a_4_gram_in_common_has_0(self):
        self.assertEqual(bleu.bleu(["the cat sat"], ["the cat sat"]), 0.0)
        self.assertEqual(bleu.bleu([""], ["the cat sat on the mat"]), 0.0)

    def test_lists_of_different_length_are_an_error(self):
        with self.assertRaises(ValueError):
            bleu.bleu(["a"], [])

    def test_tokens_are_words_and_single_signs(self):
        self.assertEqual(bleu.tokenise("Größe: 5%s (x_y)…"), ["Größe", ":", "5", "%", "s", "(", "x_y", ")", "…"])


if __name__ == "__main__":
    unittest.main()

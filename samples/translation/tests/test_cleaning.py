import unittest

import support  # noqa: F401
import cleaning


class CleanTests(unittest.TestCase):
    def test_accelerators_are_taken_out(self):
        self.assertEqual(cleaning.clean("_Open the file", "Die _Datei öffnen"), ("Open the file", "Die Datei öffnen"))
        self.assertEqual(cleaning.clean("E&xit the program", "Programm &beenden"), ("Exit the program", "Programm beenden"))

    def test_a_lone_ampersand_stays(self):
        self.assertEqual(cleaning.clean("Cut & paste text", "Text ausschneiden & einfügen"), ("Cut & paste text", "Text ausschneiden & einfügen"))

    def test_a_name_with_underscore_is_no_accelerator(self):
        self.assertIsNone(cleaning.clean("use the some_name here", "nutze some_name hier bitte"))
        self.assertIsNone(cleaning.clean("the a_b and c_d", "das x und y"))

    def test_placeholders_must_be_the_same_in_any_order(self):
        self.assertIsNotNone(cleaning.clean("Copy %s to the %d", "%2$d bekommt nun %1$s kopiert"))
        self.assertIsNone(cleaning.clean("Cannot open file %s", "Datei nicht zu öffnen"))
        self.assertIsNone(cleaning.clean("Cannot open file %s", "Datei %d nicht zu öffnen"))

    def test_markup_is_left_out(self):
        for source in ("See the <b>file</b> now", "Tom &amp; the cat", "see https://example.org for more"):
            with self.subTest(source):
                self.assertIsNone(cleaning.clean(source, "Das ist ein Satz"))

    def test_identical_pairs_are_left_out(self):
        self.assertIsNone(cleaning.clean("Open Sound System", "open sound system"))

    def test_lengths_are_bounded(self):
        self.assertIsNone(cleaning.clean("Open file", "Datei öffnen"))
        self.assertIsNone(cleaning.clean("word " * 21, "Wort " * 20))
        self.assertIsNone(cleaning.clean("This is it", "Das ist etwas, was sehr viel länger als die Vorlage geraten ist"))

    def test_what_is_no_words_is_left_out(self):
        self.assertIsNone(cleaning.clean("1 2 3 4 a", "1 2 3 4 b"))

    def test_quotes_dots_and_spaces_have_one_spelling(self):
        self.assertEqual(cleaning.clean("Open  “it”\nnow…", "Jetzt „das“ öffnen…"), ('Open "it" now...', 'Jetzt "das" öffnen...'))


class SplitTests(unittest.TestCase):
    PAIRS = [(f"sentence {'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10 % 10]}{'uvwxyz'[i // 100]}", f"Satz {i}") for i in range(600)]

    def test_one_translation_stays_for_sources_that_differ_in_case_and_signs_only(self):
        pairs = [("Open the file", "Datei öffnen"), ("Open the file", "Die Datei öffnen"), ("open the file...", "Datei auf"), ("Open the file", "Die Datei öffnen")]
        self.assertEqual(cleaning.unique(pairs), [("Open the file", "Die Datei öffnen")])

    def test_no_source_is_in_two_parts(self):
        parts = [{cleaning.key(source) for source, _ in part} for part in cleaning.split(self.PAIRS, 10, 10)]
        self.assertTrue(all(parts))
        self.assertEqual(sum(len(part) for part in parts), len(set.union(*parts)))

    def test_variants_of_a_source_are_in_the_same_part(self):
        variants = [(source.upper() + "!", target) for source, target in self.PAIRS]
        for part, other in zip(cleaning.split(self.PAIRS, 10, 10), cleaning.split(variants, 10, 10)):
            self.assertEqual({target for _, target in part}, {target for _, target in other})

    def test_the_part_depends_on_the_sentence_alone(self):
        whole = cleaning.split(self.PAIRS, 10, 10)
        half = cleaning.split(reversed(self.PAIRS[::2]), 10, 10)
        for part, other in zip(whole, half):
            self.assertLessEqual(set(other), set(part))

    def test_the_hash_is_the_same_everywhere(self):
        # SHA-256 of "openthefile" begins with these 64 bits.
        self.assertEqual(cleaning.hash_of("Open the file!"), 0x6bc701448543856d)


if __name__ == "__main__":
    unittest.main()

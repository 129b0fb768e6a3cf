import tempfile
import unittest
from pathlib import Path

import support
import catalogue


class ParseTests(unittest.TestCase):
    def parse(self, text):
        return list(catalogue.parse(text))

    def test_reads_message_and_translation(self):
        self.assertEqual(self.parse('msgid "a"\nmsgstr "b"\n'), [catalogue.Entry(None, "a", None, ["b"])])

    def test_joins_texts_of_several_lines(self):
        entry, = self.parse('msgid ""\n"one "\n"two"\nmsgstr "eins "\n"zwei"\n')
        self.assertEqual((entry.source, entry.translations), ("one two", ["eins zwei"]))

    def test_separates_entries_without_an_empty_line(self):
        self.assertEqual([entry.source for entry in self.parse('msgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr "d"\n')], ["a", "c"])

    def test_keeps_the_context_apart(self):
        first, second = self.parse('msgctxt "menu"\nmsgid "Open"\nmsgstr "Öffnen"\n\nmsgctxt "state"\nmsgid "Open"\nmsgstr "Offen"\n')
        self.assertEqual((first.context, second.context), ("menu", "state"))

    def test_orders_plural_forms_by_their_number(self):
        entry, = self.parse('msgid "%d day"\nmsgid_plural "%d days"\nmsgstr[1] "%d Tage"\nmsgstr[0] "%d Tag"\n')
        self.assertEqual((entry.plural, entry.translations), ("%d days", ["%d Tag", "%d Tage"]))

    def test_decodes_escapes(self):
        entry, = self.parse(r'msgid "tab\t line\n quote\" back\\ e\303\274 x\x41\102"' + '\nmsgstr "b"\n')
        self.assertEqual(entry.source, 'tab\t line\n quote" back\\ eü xAB')

    def test_passes_over_comments(self):
        self.assertEqual(len(self.parse('# one\n#, c-format\n#~ msgid "gone"\nmsgid "a"\nmsgstr "b"\n')), 1)

    def test_an_error_names_the_line(self):
        for text in ('msgid "a"\nmsgstr "b\n', 'msgid "a"\nnonsense "b"\n', 'msgid "a"\nmsgstr "\\q"\n', 'msgid "a"\nmsgstr "b"c"\n'):
            with self.subTest(text), self.assertRaisesRegex(catalogue.PoError, "line 2"):
                self.parse(text)

    def test_pairs_leave_out_the_header_and_what_is_untranslated(self):
        entries = self.parse('msgid ""\nmsgstr "header"\n\nmsgid "a"\nmsgstr ""\n\nmsgid "b"\nmsgstr "c"\n')
        self.assertEqual(list(catalogue.pairs(entries)), [("b", "c")])

    def test_pairs_match_plural_with_plural(self):
        entries = self.parse('msgid "one day"\nmsgid_plural "%d days"\nmsgstr[0] "ein Tag"\nmsgstr[1] "%d Tage"\n')
        self.assertEqual(list(catalogue.pairs(entries)), [("one day", "ein Tag"), ("%d days", "%d Tage")])


@unittest.skipUnless(support.HAS_GETTEXT, support.NO_GETTEXT)
class RoundTripTests(unittest.TestCase):
    PO = (
        'msgctxt "menu"\nmsgid "Open"\nmsgstr "Öffnen"\n\n'
        'msgid "%d \\"day\\"\\n"\nmsgid_plural "%d \\"days\\"\\n"\nmsgstr[0] "%d Tag\\n"\nmsgstr[1] "%d Tage\\n"\n\n'
        'msgid "back\\\\slash\\tand "\n"more"\nmsgstr "Schräg\\\\strich"\n'
    )
    ENTRIES = {
        catalogue.Entry("menu", "Open", None, ["Öffnen"])[:3]: ["Öffnen"],
        (None, '%d "day"\n', '%d "days"\n'): ["%d Tag\n", "%d Tage\n"],
        (None, "back\\slash\tand more", None): ["Schräg\\strich"],
    }

    def decode(self, charset):
        with tempfile.TemporaryDirectory() as folder:
            entries = catalogue.decode(support.compile_po(self.PO, Path(folder), charset))
        return {entry[:3]: entry.translations for entry in entries if entry.source}

    def test_a_compiled_catalogue_gives_what_went_into_it(self):
        self.assertEqual(self.decode("UTF-8"), self.ENTRIES)

    def test_another_charset_is_decoded_by_the_header(self):
        self.assertEqual(self.decode("ISO-8859-1"), self.ENTRIES)

    def test_a_damaged_catalogue_is_an_error_that_names_it(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bad.mo"
            path.write_bytes(b"no catalogue")
            with self.assertRaisesRegex(catalogue.PoError, "bad.mo"):
                catalogue.decode(path)


if __name__ == "__main__":
    unittest.main()

import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import support
import cleaning
import corpus
import prepare


def run(*arguments):
    """prepare.py's exit code and what it printed."""
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = prepare.main([str(argument) for argument in arguments])
    return code, out.getvalue(), error.getvalue()


class PackageListTests(unittest.TestCase):
    def test_the_list_names_each_package_once(self):
        packages = prepare.read_packages(support.SAMPLE / "packages.txt")
        self.assertGreaterEqual(len(packages), 12)
        self.assertEqual(len(packages), len(set(packages)))


@unittest.skipUnless(support.HAS_SENTENCEPIECE, support.NO_SENTENCEPIECE)
@unittest.skipUnless(support.HAS_GETTEXT, support.NO_GETTEXT)
class PrepareTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.output = self.folder / "data"

    def prepare(self):
        support.compile_po(support.template_po(), self.folder / "catalogues")
        return run("--catalogues", self.folder / "catalogues", "--output", self.output, "--vocabulary", 120)

    def read(self):
        return {path.name: path.read_bytes() for path in self.output.iterdir()}

    def test_catalogues_become_parts_without_overlap(self):
        self.assertEqual(self.prepare()[0], 0)
        parts = [corpus.read_tsv(self.output / f"{name}.tsv") for name in ("train", "validation", "test")]
        keys = [{cleaning.key(source) for source, _ in part} for part in parts]
        self.assertTrue(all(keys))
        self.assertEqual(sum(map(len, keys)), len(set.union(*keys)))
        self.assertEqual(sorted(pair for part in parts for pair in part), sorted(support.template_pairs()))

    def test_the_same_catalogues_give_the_same_files(self):
        self.prepare()
        first = self.read()
        (self.output / "prepared.json").write_text("{}")
        self.prepare()
        self.assertEqual(self.read(), first)

    def test_what_is_prepared_already_is_left_alone(self):
        self.prepare()
        before = (self.output / "train.tsv").stat().st_ino
        code, out, _ = self.prepare()
        self.assertEqual((code, (self.output / "train.tsv").stat().st_ino), (0, before))
        self.assertIn("already", out)

    def test_subwords_give_back_the_sentences(self):
        self.prepare()
        subwords = corpus.load_subwords(self.output)
        text = "Die neue Datei kann nicht gelöscht werden."
        self.assertEqual(subwords.decode(subwords.encode(text)), text)
        self.assertEqual([subwords.pad_id(), subwords.unk_id(), subwords.bos_id(), subwords.eos_id()], [corpus.PAD, corpus.UNKNOWN, corpus.BEGIN, corpus.END])

    def test_without_catalogues_it_says_what_it_looked_for(self):
        code, _, error = run("--catalogues", self.folder, "--output", self.output)
        self.assertEqual(code, 1)
        self.assertIn("de/LC_MESSAGES", error)

    def test_packages_that_cannot_be_fetched_are_named_and_nothing_is_written(self):
        programs = self.folder / "programs"
        programs.mkdir()
        for name, body in (("apt-get", 'echo "E: Unable to fetch" >&2; exit 100'), ("dpkg-deb", "exit 1"), ("msgunfmt", "exit 1")):
            (programs / name).write_text(f"#!/bin/sh\n{body}\n")
            (programs / name).chmod(0o755)
        packages = self.folder / "packages.txt"
        packages.write_text("alpha\nbeta # a comment\n")
        with mock.patch.dict(os.environ, {"PATH": f"{programs}:{os.environ['PATH']}"}):
            code, _, error = run("--packages", packages, "--output", self.output)
        self.assertEqual(code, 1)
        for part in ("alpha: E: Unable to fetch", "beta: E: Unable to fetch", "2 of 2"):
            self.assertIn(part, error)
        self.assertFalse(self.output.exists())


if __name__ == "__main__":
    unittest.main()

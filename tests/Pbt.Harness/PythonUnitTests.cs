using System.Text.RegularExpressions;

namespace Pbt.Harness;

/// <summary>A folder of Python's unit tests, run in one process and reported one by one.</summary>
public sealed partial class PythonUnitTests
{
    private const string Runner = """
        import json, sys, unittest

        class Result(unittest.TestResult):
            said = {}
            def startTest(self, test):
                super().startTest(test)
                self.said.setdefault(test.id(), "")
            def note(self, test, text):
                self.said[test.id()] = self.said.get(test.id(), "") + text
            def addError(self, test, error):
                self.note(test, self._exc_info_to_string(error, test))
            def addFailure(self, test, error):
                self.note(test, self._exc_info_to_string(error, test))
            def addSubTest(self, test, subtest, error):
                if error is not None:
                    self.note(test, f"{subtest.id()}: {self._exc_info_to_string(error, test)}")
            def addSkip(self, test, reason):
                self.note(test, f"skipped: {reason}")

        result = Result()
        unittest.defaultTestLoader.discover(sys.argv[1], top_level_dir=sys.argv[2]).run(result)
        print()
        print(json.dumps(result.said))
        """;

    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    /// <summary>Runs all tests of a folder with the system's Python.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="package">Its name, if its files are a package's.</param>
    public PythonUnitTests(string folder, string? package = null)
    {
        var top = package is null ? folder : Path.GetDirectoryName(folder)!;
        var output = SystemPython.Run(["-c", Runner, folder, top], top).Expect(0);
        var last = output.Out.TrimEnd('\n').Split('\n')[^1];
        foreach (var test in Study.Parse(last).EnumerateObject())
            _said[test.Name] = test.Value.GetString()!;
    }

    /// <summary>The tests of a folder, as <c>file.Class.method</c>, found by reading its files only.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="package">Its name, if its files are a package's; then it comes first in theirs.</param>
    public static IEnumerable<string> Names(string folder, string? package = null)
    {
        var prefix = package is null ? string.Empty : package + ".";
        foreach (var file in Directory.GetFiles(folder, "test*.py").Order(StringComparer.Ordinal))
        {
            var owner = string.Empty;
            foreach (var match in Definition().Matches(File.ReadAllText(file)).Cast<Match>())
            {
                if (match.Groups["class"].Success)
                    owner = match.Groups["class"].Value;
                else
                    yield return $"{prefix}{Path.GetFileNameWithoutExtension(file)}.{owner}.{match.Groups["test"].Value}";
            }
        }
    }

    /// <summary>Fails unless a test ran and passed.</summary>
    public void Expect(string name)
    {
        var others = string.Concat(_said.Where(static test => test.Value.Length > 0).Select(static test => $"\n--- {test.Key}\n{test.Value}"));
        Expectation.That(_said.TryGetValue(name, out var said), $"{name} did not run{others}");
        Expectation.That(said.Length == 0, $"{name}: {said}");
    }

    [GeneratedRegex(@"^class (?<class>\w+)\(|^    def (?<test>test_\w+)\(", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Definition();
}

namespace Pbt.Clients.Tests;

/// <summary>The Python client's own tests, each counted, and its types.</summary>
public sealed class PythonClientTests
{
    [PythonTheory]
    [PythonTests(skipped: false)]
    [PythonTests(skipped: true)]
    public void Passes(string test)
    {
        var finished = Assert.Single(PythonTest.Finished.Value, it => it.Name == test);
        Assert.True(finished.Outcome == "passed", finished.Text);
    }

    [PythonFact("mypy")]
    public void Its_types_are_strict()
    {
        var (exitCode, lines) = Python.Run("-m", "mypy", "--python-version", "3.9", "--cache-dir", "/dev/null", "pbt_client", "tests");
        Assert.True(exitCode == 0, string.Join('\n', lines));
    }
}

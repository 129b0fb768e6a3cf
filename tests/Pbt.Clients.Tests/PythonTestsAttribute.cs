using System.Reflection;
using Xunit.Sdk;

namespace Pbt.Clients.Tests;

/// <summary>The names of the Python client's tests: of those that run, or of those that Python skips, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class PythonTestsAttribute : DataAttribute
{
    private readonly List<PythonTest> _tests;

    public PythonTestsAttribute(bool skipped)
    {
        _tests = [.. PythonTest.Listed.Where(test => test.Outcome == "skipped" == skipped)];
        Skip = skipped ? string.Join(", ", _tests.Select(static test => test.Text).Distinct()) : null;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => _tests.Select(static test => new object[] { test.Name });
}

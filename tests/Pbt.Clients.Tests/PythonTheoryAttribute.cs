namespace Pbt.Clients.Tests;

/// <summary>Tests that Python runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = Python.Missing();
}

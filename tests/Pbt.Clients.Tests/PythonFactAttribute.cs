namespace Pbt.Clients.Tests;

/// <summary>A test that needs a module of the system's Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string module) => Skip = Python.Missing(module);
}

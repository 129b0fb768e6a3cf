namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>A test whose programs import a module of the system's Python, such as torch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(string module) => Skip = SystemPython.WhyNot(module);
}

using Pbt.Harness;

namespace Pbt.PythonClient.Tests;

/// <summary>A test that needs modules of the system's Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(params string[] modules) => Skip = SystemPython.WhyNot(modules);
}

/// <summary>As <see cref="PythonFactAttribute"/>, for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute(params string[] modules) => Skip = SystemPython.WhyNot(modules);
}

/// <summary>A test that needs pip, what builds packages, and environments.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PipFactAttribute : FactAttribute
{
    public PipFactAttribute() => Skip = SystemPython.WhyNot("pip", "setuptools", "wheel")
        ?? (SystemPython.WhyNot("ensurepip") is null ? null : "the system's Python makes no environments: apt-get install python3-venv");
}

using Pbt.Harness;

namespace Pbt.PythonClient.Tests;

/// <summary>The Python client's own tests, a case each, and its types.</summary>
public sealed class PythonClientTests(PythonClientTests.Results results) : IClassFixture<PythonClientTests.Results>
{
    private const string Package = "tests";

    private static readonly string Client = Path.Combine(SystemPython.Repository, "clients", "python");

    /// <summary>Those that need nothing but Python.</summary>
    public static TheoryData<string> Plain => [.. Names.Where(static name => !NeedsPackages(name))];

    /// <summary>Those that need PyTorch and NumPy.</summary>
    public static TheoryData<string> WithPackages => [.. Names.Where(NeedsPackages)];

    private static IEnumerable<string> Names => PythonUnitTests.Names(Path.Combine(Client, Package), Package);

    [PythonTheory("json")]
    [MemberData(nameof(Plain))]
    public void Passes(string test) => results.All.Value.Expect(test);

    [PythonTheory("torch", "numpy")]
    [MemberData(nameof(WithPackages))]
    public void Passes_with_PyTorch_and_NumPy(string test) => results.All.Value.Expect(test);

    [PythonFact("mypy")]
    public void Its_types_are_strict() =>
        SystemPython.Run(["-m", "mypy", "--python-version", "3.9", "--cache-dir", "/dev/null", "pbt_client", "tests"], Client).Expect(0);

    private static bool NeedsPackages(string name) =>
        name.Contains("torch", StringComparison.OrdinalIgnoreCase) || name.Contains("numpy", StringComparison.OrdinalIgnoreCase) || name.Contains("readme", StringComparison.Ordinal);

    /// <summary>All results, of one run.</summary>
    public sealed class Results
    {
        public Lazy<PythonUnitTests> All { get; } = new(static () => new PythonUnitTests(Path.Combine(Client, Package), Package));
    }
}

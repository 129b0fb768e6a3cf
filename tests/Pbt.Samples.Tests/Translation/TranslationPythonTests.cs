using Pbt.Harness;

namespace Pbt.Samples.Tests.Translation;

/// <summary>The sample's unit tests in Python, a case each.</summary>
public sealed class TranslationPythonTests(TranslationPythonTests.Results results) : IClassFixture<TranslationPythonTests.Results>
{
    public static TheoryData<string> Names => [.. PythonUnitTests.Names(TranslationSample.Tests)];

    [TranslationTheory]
    [MemberData(nameof(Names))]
    public void Passes(string test) => results.All.Value.Expect(test);

    /// <summary>All results, of one run.</summary>
    public sealed class Results
    {
        public Lazy<PythonUnitTests> All { get; } = new(static () => new PythonUnitTests(TranslationSample.Tests));
    }
}

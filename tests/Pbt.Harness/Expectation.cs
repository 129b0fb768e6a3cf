using System.Diagnostics.CodeAnalysis;

namespace Pbt.Harness;

/// <summary>What a test expected is not so; the message says how it is instead.</summary>
public sealed class ExpectationException(string message) : Exception(message);

/// <summary>Fails with an <see cref="ExpectationException"/>.</summary>
public static class Expectation
{
    /// <summary>Fails unless it holds.</summary>
    public static void That([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
            throw new ExpectationException(otherwise);
    }
}

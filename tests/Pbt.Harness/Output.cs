namespace Pbt.Harness;

/// <summary>How a program ended and what it printed.</summary>
public sealed record Output(int ExitCode, string Out, string Error)
{
    /// <summary>Standard output, then standard error.</summary>
    public string All => Out + Error;

    /// <summary>Fails the test unless the program ended with this code and without a stack trace.</summary>
    public Output Expect(int exitCode)
    {
        Expectation.That(ExitCode == exitCode, $"expected exit code {exitCode}, but was {this}");
        Expectation.That(!All.Contains("   at ", StringComparison.Ordinal), $"a stack trace: {this}");
        return this;
    }

    /// <summary>Fails the test unless one of the messages has all these parts.</summary>
    public Output Saying(params string[] parts)
    {
        foreach (var part in parts)
            Expectation.That(All.Contains(part, StringComparison.Ordinal), $"expected a message with '{part}', but was {this}");

        return this;
    }

    public override string ToString() => $"exit code {ExitCode}\n--- out\n{Out}\n--- error\n{Error}";
}

namespace Pbt.Backends.Jobs;

/// <summary>Runs a scheduler's programs.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IProgramRunner
{
    /// <summary>Runs one to its end; whatever it does wrong is part of the answer, never an exception.</summary>
    /// <param name="command">The program and its arguments, which no shell reads.</param>
    /// <param name="cancellationToken">Leaves it a moment more, and then ends it.</param>
    Task<ProgramRun> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken);
}

/// <summary>What came of running a program.</summary>
/// <param name="Out">What it printed on standard output.</param>
/// <param name="Error">What it printed on standard error.</param>
/// <param name="Failure">What went wrong, as a clause whose subject is the program; null if it ended with exit code 0.</param>
/// <param name="End">How far it came.</param>
public sealed record ProgramRun(string Out, string Error, string? Failure, ProgramOutcome End)
{
    private const int ShownCharacters = 1000;

    /// <summary>The end of all that it printed, for messages; empty if that was nothing.</summary>
    public string Shown
    {
        get
        {
            var text = string.Join('\n', new[] { Out.Trim(), Error.Trim() }.Where(static part => part.Length > 0));
            return text.Length <= ShownCharacters ? text : "…" + text[^ShownCharacters..];
        }
    }

    /// <summary>What it said, on one line: its errors or, without any, the rest.</summary>
    public string Said => string.Join("; ", (Error.Trim().Length > 0 ? Error : Out).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>How far a program came.</summary>
public enum ProgramOutcome
{
    /// <summary>It ended by itself.</summary>
    Ended,

    /// <summary>It could not be started.</summary>
    NotStarted,

    /// <summary>It was ended before it was done.</summary>
    Cut,
}

namespace Pbt.Runtime.Processes;

/// <summary>What became of a request to start a process.</summary>
/// <remarks>Closed: it is either <see cref="Started"/> or <see cref="NotStarted"/>.</remarks>
public abstract record ProcessStart
{
    private ProcessStart()
    {
    }

    /// <summary>The process runs.</summary>
    /// <param name="Child">The running process, owned by the caller.</param>
    public sealed record Started(ChildProcess Child) : ProcessStart;

    /// <summary>The process could not be started, and nothing is left of the attempt.</summary>
    /// <param name="Reason">What is wrong, where, and how to mend it: one or two sentences for the user.</param>
    public sealed record NotStarted(string Reason) : ProcessStart;
}

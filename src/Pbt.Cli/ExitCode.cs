namespace Pbt.Cli;

/// <summary>What pbt's exit codes mean.</summary>
internal static class ExitCode
{
    /// <summary>What was asked for is done.</summary>
    public const int Done = 0;

    /// <summary>The study failed, or a check found something wrong.</summary>
    public const int StudyFailed = 1;

    /// <summary>Bad usage or a bad spec: change the request.</summary>
    public const int BadRequest = 2;

    /// <summary>Interrupted; it is safe to run again.</summary>
    public const int Interrupted = 3;

    /// <summary>The store is damaged.</summary>
    public const int Damaged = 4;

    /// <summary>A worker was interrupted before the study completed an interval; it is safe to run again.</summary>
    public const int InterruptedInVain = 5;
}

namespace Pbt.Runtime.Processes;

/// <summary>What to run, and where.</summary>
/// <remarks>
/// Arguments reach the program as a vector, byte for byte in UTF-8: no shell reads them. Standard input is
/// <c>/dev/null</c>; both outputs are appended to files by the child itself, so nothing has to pump them.
/// </remarks>
public sealed record ProcessLaunch
{
    /// <summary>The program: a path, or a bare name that is looked up in the child's own <c>PATH</c>.</summary>
    /// <remarks>A relative path is taken from <see cref="WorkingDirectory"/>.</remarks>
    public required string FileName { get; init; }

    /// <summary>The arguments after the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The directory in which the child starts.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The whole environment of the child; nothing is inherited.</summary>
    /// <remarks>
    /// <see cref="ChildProcess"/> adds one entry of its own, <see cref="ChildProcess.MarkerVariable"/>, by which it
    /// finds again whatever the child leaves behind.
    /// </remarks>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The file that standard output is appended to; created where missing, with the modes that the umask leaves.</summary>
    public required string StandardOutputPath { get; init; }

    /// <summary>The file that standard error is appended to.</summary>
    /// <remarks>When it equals <see cref="StandardOutputPath"/>, both share one open file and keep their order.</remarks>
    public required string StandardErrorPath { get; init; }
}

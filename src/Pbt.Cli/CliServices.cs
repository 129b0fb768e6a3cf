using System.Runtime.CompilerServices;
using Pbt.Runtime;
using Pbt.Storage.Postgres;

[assembly: InternalsVisibleTo("Pbt.Cli.Tests")]
[assembly: InternalsVisibleTo("Pbt.Docs.Tests")]

namespace Pbt.Cli;

/// <summary>What the commands need from the world.</summary>
/// <param name="Open">
/// Opens the study in a directory; throws <see cref="Core.Studies.InvalidRequestException"/> if there is none
/// (<see cref="Commands.StudyCommand.NoStudyIn"/> says so).
/// </param>
/// <param name="Time">The clock.</param>
/// <param name="Out">Where results go.</param>
/// <param name="Error">Where messages go.</param>
internal sealed record CliServices(Func<string, Task<OpenStudy>> Open, TimeProvider Time, TextWriter Out, TextWriter Error)
{
    /// <summary>Opens the study in a directory, or an empty log in a new one.</summary>
    /// <remarks>Its second argument is the database that its events are to be in, or null for a journal.</remarks>
    public Func<string, PostgresAddress?, Task<OpenStudy>> CreateOrOpen { get; init; } = (directory, _) => Open(directory);

    /// <summary>Opens the study whose events are in a database, in a directory that may still have to be made.</summary>
    public Func<string, PostgresAddress, Task<OpenStudy>> Attach { get; init; } = (directory, _) => Open(directory);

    /// <summary>The program and first arguments that start pbt itself.</summary>
    public IReadOnlyList<string> SelfCommand { get; init; } = [];

    /// <summary>Whether <see cref="Out"/> is a terminal.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>The columns of <see cref="Out"/>; 80 where it is no terminal.</summary>
    public int Width { get; init; } = 80;
}

using Pbt.Core.Explore.Programs;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Explore;

/// <summary>Asks a user's explore program for new hyperparameters.</summary>
public interface IExploreProgram
{
    /// <summary>Runs it to its end; what it does wrong is part of the answer, never an exception.</summary>
    /// <exception cref="IOException">The machinery failed, not the program.</exception>
    Task<ProgramAnswer> AskAsync(CommandExplore program, ExploreRequest request, CancellationToken cancellationToken);
}

/// <summary>What came of asking: exactly one of the two is set.</summary>
/// <param name="Text">The JSON object that the program answered with.</param>
/// <param name="Failure">Why there is none, as a clause that follows the program's name.</param>
public sealed record ProgramAnswer(string? Text, string? Failure);

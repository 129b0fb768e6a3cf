using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore.Programs;

/// <summary>Command: a user's program is handed the population and returns hyperparameters.</summary>
internal sealed class ProgramStrategy(CommandExplore spec) : IProgramStrategy
{
    public bool IsDeferred => true;

    public CommandExplore Spec => spec;

    public ExploreRequest Request(ExploreContext context) => new(ExploreRequestJson.Write(context, spec.History));

    public ExploreAnswer Read(ExploreContext context, string answer) => ExploreAnswerReader.Read(context, answer);

    public Hyperparameters Explore(ExploreContext context) =>
        throw new InvalidRequestException("`explore: { strategy: command }` runs a program, so it works in a study that is run, not in one that is simulated in memory.");
}
